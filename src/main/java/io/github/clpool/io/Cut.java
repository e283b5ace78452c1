package io.github.clpool.io;

/**
 * Text of files for error messages: what a file holds may be long, and any characters. Stateless.
 */
final class Cut {
  private static final int MOST = 200;

  private Cut() {}

  /** The beginning of a text on one line, with how much is left out. */
  static String text(String text) {
    if (text == null) {
      return "";
    }
    String beginning = text.substring(0, Math.min(text.length(), MOST));
    String plain = beginning.replaceAll("\\p{Cntrl}", "?").strip();
    return text.length() <= MOST
        ? plain
        : plain + "... (" + (text.length() - MOST) + " more characters)";
  }
}
