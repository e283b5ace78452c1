package io.github.clpool.cpu;

import io.github.clpool.exact.Precision;
import io.github.clpool.op.Lp;

/**
 * Which powers of cells are summed, and which root of a sum is the output: a p-norm with a small
 * whole p.
 *
 * @param exponent 1, 2 or 3
 * @param keepsSigns whether cells are taken with their signs, or their magnitudes
 */
record Powers(int exponent, boolean keepsSigns) {
  /** Those of plain sums. */
  static final Powers FIRST = new Powers(1, true);

  private static final int MOST = 3;

  /** Whether there are such powers for a norm. */
  static boolean has(Lp lp) {
    return lp.p() == Math.rint(lp.p()) && lp.p() <= MOST;
  }

  static Powers of(Lp lp) {
    return new Powers((int) lp.p(), lp.keepsSigns());
  }

  boolean arePlain() {
    return equals(FIRST);
  }

  /** Replaces numbers by their powers. */
  <A> void raise(Numbers<A> numbers, A array, int from, int count) {
    if (!keepsSigns) {
      numbers.abs(array, from, count);
    }
    if (exponent > 1) {
      numbers.raise(array, exponent, from, count);
    }
  }

  /** Replaces sums by their roots. */
  <A> void roots(Numbers<A> numbers, A array, int from, int count) {
    if (exponent == 2) {
      numbers.squareRoots(array, from, count);
    } else if (exponent > 2) {
      Precision precision = numbers.precision();
      double root = precision.round(1.0 / exponent);
      for (int i = from; i < from + count; i++) {
        numbers.set(array, i, precision.pow(numbers.get(array, i), root));
      }
    }
  }
}
