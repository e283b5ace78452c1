package io.github.clpool.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** The option that asks for JSON in place of words. */
final class JsonOption {
  @Option(names = "--json", description = "Print one JSON object in place of words.")
  private boolean asked;

  boolean isAsked() {
    return asked;
  }

  static void print(PrintWriter out, Map<String, Object> object) {
    out.println(Json.text(object));
  }

  /** An object of some fields in order, each a name and a value. */
  static Map<String, Object> object(Object... fields) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int i = 0; i < fields.length; i += 2) {
      object.put((String) fields[i], fields[i + 1]);
    }
    return object;
  }
}
