package io.github.clpool.cli;

import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes JSON. Stateless. */
final class Json {
  private Json() {}

  /** The text of maps, collections, numbers and truths; of anything else as a string. */
  static String text(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(each -> string(each.getKey()) + ": " + text(each.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    } else if (value instanceof Collection<?> list) {
      return list.stream().map(Json::text).collect(Collectors.joining(",\n", "[", "]"));
    } else if (value instanceof Double number) {
      return Double.isFinite(number) ? number.toString() : "null";
    } else if (value == null || value instanceof Number || value instanceof Boolean) {
      return String.valueOf(value);
    }
    return string(value);
  }

  /** Such that it may stand in a page's script, too. */
  private static String string(Object value) {
    StringBuilder text = new StringBuilder("\"");
    for (char c : String.valueOf(value).toCharArray()) {
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ' || c == '<' || Character.isSurrogate(c)) {
        text.append(String.format("\\u%04x", (int) c));
      } else {
        text.append(c);
      }
    }
    return text.append('"').toString();
  }
}
