package io.github.clpool.cli;

import java.util.ArrayList;
import java.util.List;

/** Splits a line as a shell does: at blanks, which quotes and backslashes keep. Stateless. */
final class Words {
  private Words() {}

  /**
   * Splits.
   *
   * @throws IllegalArgumentException if a quote is not closed
   */
  static List<String> split(String line) {
    List<String> words = new ArrayList<>();
    StringBuilder word = null;
    char quote = 0;
    for (int i = 0; i < line.length(); i++) {
      char next = line.charAt(i);
      boolean blank = quote == 0 && Character.isWhitespace(next);
      if (blank && word != null) {
        words.add(word.toString());
      }
      if (blank) {
        word = null;
        continue;
      }
      word = word == null ? new StringBuilder() : word;
      if (next == '\\' && quote != '\'' && i + 1 < line.length()) {
        word.append(line.charAt(++i));
      } else if (next == quote) {
        quote = 0;
      } else if (quote == 0 && (next == '"' || next == '\'')) {
        quote = next;
      } else {
        word.append(next);
      }
    }
    if (quote != 0) {
      throw new IllegalArgumentException("quote " + quote + " is not closed in: " + line);
    }
    if (word != null) {
      words.add(word.toString());
    }
    return words;
  }
}
