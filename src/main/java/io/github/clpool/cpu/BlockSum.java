package io.github.clpool.cpu;

import io.github.clpool.exact.Sums;

/**
 * A sum in the order of docs/semantics.md, 2.2, term by term: level 0 sums up to 64 terms, level 1
 * the sums of 64 full level 0 blocks, and so on.
 */
final class BlockSum {
  private static final int LEVELS = 6; // 64^6 terms are more than an axis has

  private final Numbers<?> numbers;
  private final double[] sums = new double[LEVELS];
  private final int[] counts = new int[LEVELS];

  BlockSum(Numbers<?> numbers) {
    this.numbers = numbers;
  }

  void clear() {
    for (int level = 0; level < LEVELS; level++) {
      sums[level] = Sums.SKIPPED;
      counts[level] = 0;
    }
  }

  /** Counts terms that are not there. */
  void skip(int terms) {
    for (int i = 0; i < terms; i++) {
      add(Sums.SKIPPED);
    }
  }

  void add(double term) {
    add(0, term);
  }

  private void add(int level, double term) {
    sums[level] = numbers.round(sums[level] + term);
    if (++counts[level] == Sums.BLOCK) {
      double block = sums[level];
      sums[level] = Sums.SKIPPED;
      counts[level] = 0;
      add(level + 1, block);
    }
  }

  /** The complete sum; the object must be cleared before its next use. */
  double sum() {
    double sum = sums[0];
    for (int level = 1; level < LEVELS; level++) {
      sum = numbers.round(sums[level] + sum);
    }
    return sum;
  }
}
