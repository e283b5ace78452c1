package io.github.clpool.cpu;

import io.github.clpool.exact.Sums;

/**
 * The sum of multiples of rows, each column in the order of docs/semantics.md, 2.2: as {@link
 * BlockSum}, for whole rows at once.
 */
final class RowSum<A> {
  private static final int LEVELS = 6;

  private final Numbers<A> numbers;
  private final int columns;
  private final A sums;
  private int terms;
  private int top;

  RowSum(Numbers<A> numbers, int columns) {
    this.numbers = numbers;
    this.columns = columns;
    this.sums = numbers.array(LEVELS * columns);
  }

  RowSum<A> clear() {
    numbers.fill(sums, 0, columns, Sums.SKIPPED);
    terms = 0;
    top = 0;
    return this;
  }

  void add(double factor, A rows, int row) {
    numbers.addScaled(sums, 0, factor, rows, row * columns, columns);
    skip();
  }

  /** Counts a term that is not there. */
  void skip() {
    terms++;
    int level = 0;
    for (int rest = terms; rest % Sums.BLOCK == 0; rest /= Sums.BLOCK) {
      level++;
      if (level > top) {
        numbers.fill(sums, level * columns, columns, Sums.SKIPPED);
        top = level;
      }
      numbers.addScaled(sums, level * columns, 1, sums, (level - 1) * columns, columns);
      numbers.fill(sums, (level - 1) * columns, columns, Sums.SKIPPED);
    }
  }

  /** Writes the complete sums, +0 if there were no terms, and begins anew. */
  void end(A target, int row) {
    for (int level = 1; level <= top; level++) {
      numbers.addScaled(sums, 0, 1, sums, level * columns, columns);
    }
    numbers.copy(sums, 0, target, row * columns, columns);
    if (terms == 0) {
      numbers.fill(target, row * columns, columns, 0);
    }
    clear();
  }
}
