package io.github.clpool.op;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** Finds the word that somebody may have meant. Stateless. */
final class Nearest {
  private static final int LONGEST = 40; // what is longer is no word of ours

  private Nearest() {}

  /**
   * The end of a message: a question with the nearest of some words, or nothing if none is near.
   */
  static String question(String word, Collection<String> words) {
    String given = word.toLowerCase(Locale.ROOT);
    int most = Math.max(1, (given.length() + 1) / 3);
    return given.length() > LONGEST
        ? ""
        : words.stream()
            .filter(each -> distance(given, each.toLowerCase(Locale.ROOT)) <= most)
            .min(Comparator.comparing(each -> distance(given, each.toLowerCase(Locale.ROOT))))
            .map(nearest -> "; did you mean '" + nearest + "'?")
            .orElse("");
  }

  /** How many letters must be put in, left out or replaced (Levenshtein). */
  private static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
