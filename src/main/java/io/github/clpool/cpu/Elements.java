package io.github.clpool.cpu;

import io.github.clpool.backend.HeapStorage;

/**
 * Arrays of what a {@link Fold} folds, and the conversions from and to a storage type.
 *
 * @param <A> the arrays
 */
abstract sealed class Elements<A> permits Numbers, Selections {
  abstract A array(int length);

  /** An array to load into, which is never folded into. */
  A sources(int length) {
    return array(length);
  }

  /** Loads every {@code step}-th stored number, from {@code from} on. */
  abstract void load(HeapStorage source, int from, int step, A target, int to, int count);

  /** Stores elements, numbers rounded once, to every {@code step}-th place, from {@code to} on. */
  abstract void store(A source, int from, HeapStorage target, int to, int step, int count);

  /** Loads cells of {@code lanes} numbers each, every {@code step}-th, from {@code from} on. */
  void loadCells(
      HeapStorage source, int from, int pitch, int lanes, int step, A target, int to, int cells) {
    for (int i = 0; i < cells; i++) {
      load(source, from + i * pitch, step, target, to + i * lanes, lanes);
    }
  }

  /** Stores cells as {@link #loadCells} loads them. */
  void storeCells(
      A source, int from, HeapStorage target, int to, int pitch, int lanes, int step, int cells) {
    for (int i = 0; i < cells; i++) {
      store(source, from + i * lanes, target, to + i * pitch, step, lanes);
    }
  }

  /** Fills with what changes nothing that it is folded with. */
  abstract void clear(Fold fold, A array, int from, int count);

  abstract void copy(A source, int from, A target, int to, int count);

  /** Copies every {@code step}-th element, from {@code from} on. */
  abstract void gather(A source, int from, int step, A target, int to, int count);

  /** Copies elements to every {@code step}-th place, from {@code to} on. */
  abstract void scatter(A source, int from, A target, int to, int step, int count);

  /** Copies every {@code step}-th element to every {@code toStep}-th place. */
  final void copy(A source, int from, int step, A target, int to, int toStep, int count) {
    if (toStep == 1) {
      gather(source, from, step, target, to, count);
    } else if (step == 1) {
      scatter(source, from, target, to, toStep, count);
    } else {
      for (int i = 0; i < count; i++) {
        copy(source, from + i * step, target, to + i * toStep, 1);
      }
    }
  }

  // Arrays meet in a loop only at equal positions: the compiler does not vectorise a loop whose
  // arrays are shifted against each other, so that copying one of them into place first is faster.

  /**
   * Folds the first elements of an array with those of a later tap.
   *
   * @param distance in cells from the first tap to this one
   */
  abstract void fold(Fold fold, A target, A tap, int distance, int count);

  /** Folds with a tap and then with the next one. */
  abstract void fold(Fold fold, A target, A tap, A next, int distance, int nextDistance, int count);
}
