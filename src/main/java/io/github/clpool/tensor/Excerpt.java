package io.github.clpool.tensor;

/**
 * The beginning of a text from outside, for messages: it may be long, and hold any characters.
 * Stateless.
 */
public final class Excerpt {
  private static final int MOST = 400;

  private Excerpt() {}

  /**
   * Cuts a text.
   *
   * @param text the text, or null
   * @return its beginning without control characters, and how much is left out
   */
  public static String of(Object text) {
    String whole = String.valueOf(text);
    String plain = whole.substring(0, Math.min(whole.length(), MOST)).replaceAll("\\p{Cntrl}", " ");
    return whole.length() <= MOST
        ? plain
        : plain + "... (" + (whole.length() - MOST) + " more characters)";
  }
}
