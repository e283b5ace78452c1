package io.github.clpool.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** What the pages share. Stateless. */
final class Html {
  private Html() {}

  /** A text as the text of a page, or as the value of an attribute. */
  static String escape(Object text) {
    return String.valueOf(text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /** A file of the command line's resources. */
  static String resource(String name) throws IOException {
    try (InputStream stream = Html.class.getResourceAsStream(name)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
