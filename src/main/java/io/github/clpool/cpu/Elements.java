package io.github.clpool.cpu;

import io.github.clpool.backend.HeapStorage;

/**
 * Arrays of what a {@link Fold} folds, and the conversions from and to a storage type.
 *
 * @param <A> the arrays
 */
abstract sealed class Elements<A> permits Numbers, Keys {
  abstract A array(int length);

  /** Loads every {@code step}-th stored number, from {@code from} on. */
  abstract void load(HeapStorage source, int from, int step, A target, int to, int count);

  /** Stores elements, numbers rounded once, to every {@code step}-th place, from {@code to} on. */
  abstract void store(A source, int from, HeapStorage target, int to, int step, int count);

  abstract void fill(A array, int from, int count, double value);

  abstract void copy(A source, int from, A target, int to, int count);

  /** Copies every {@code step}-th element, from {@code from} on. */
  abstract void gather(A source, int from, int step, A target, int to, int count);

  /** Copies elements to every {@code step}-th place, from {@code to} on. */
  abstract void scatter(A source, int from, A target, int to, int step, int count);

  /** Copies every {@code step}-th cell of {@code lanes} elements, from cell {@code first} on. */
  final void gatherCells(A source, int first, int step, A target, int count, int lanes) {
    if (lanes == 1) {
      gather(source, first, step, target, 0, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      copy(source, (first + i * step) * lanes, target, i * lanes, lanes);
    }
  }

  /** Copies cells of {@code lanes} elements to every {@code step}-th cell, from the first on. */
  final void scatterCells(A source, int from, A target, int first, int step, int count, int lanes) {
    if (lanes == 1) {
      scatter(source, from, target, first, step, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      copy(source, from + i * lanes, target, (first + i * step) * lanes, lanes);
    }
  }

  // Arrays meet in a loop only at equal positions: the compiler does not vectorise a loop whose
  // arrays are shifted against each other, so that copying one of them into place first is faster.

  /** Folds the elements of two arrays, either of which may be the target. */
  abstract void combine(Fold fold, A target, A a, A b, int from, int count);
}
