package io.github.clpool.cpu;

import io.github.clpool.op.AxisRegions;
import io.github.clpool.op.Divisor;
import io.github.clpool.op.Geometry;

/**
 * The divisors of a band's sums, or of the gradients that it sums, each at its output's position in
 * the band, so that all are divided by in one go. Memory of one thread.
 */
final class DivisorRows<A> {
  private final Numbers<A> numbers;
  private final Stencils stencils;
  private final Geometry geometry;
  private final boolean divides;
  private final boolean mayBeEmpty;

  // A divisor is the product of a number for each axis.
  private final long[] d;
  private final long[] h;
  private final long[] w;

  private final int first; // the output that a row begins with; may not exist
  private final int pitch; // from row to row
  private final long[] above; // the product of d and h in each row, 0 in none
  private final A divisors;

  DivisorRows(RowsPass<A> pass, Numbers<A> numbers) {
    this.numbers = numbers;
    stencils = pass.stencils();
    geometry = pass.geometry();
    Divisor divisor = pass.divisor();
    divides = divisor.kind() != Divisor.Kind.NONE;
    mayBeEmpty =
        pass.isForward()
            && (mayBeEmpty(geometry.d()) || mayBeEmpty(geometry.h()) || mayBeEmpty(geometry.w()));
    d = factors(geometry.d(), divisor, 1);
    h = factors(geometry.h(), divisor, 1);
    w = factors(geometry.w(), divisor, divisor.fixed());
    first = pass.isForward() ? 0 : stencils.w().source(stencils.w().first(), 0, 0);
    pitch = pass.isForward() ? stencils.row() : stencils.sourceRow();
    above = new long[stencils.rows()];
    int size = divides ? stencils.rows() * pitch : 0;
    divisors = numbers.array(size);
    numbers.fill(divisors, 0, size, 1);
  }

  private static long[] factors(AxisRegions axis, Divisor divisor, long fixed) {
    long[] factors = new long[axis.outputSize()];
    for (int o = 0; o < factors.length; o++) {
      factors[o] =
          switch (divisor.kind()) {
            case NONE, FIXED -> fixed;
            case CELLS -> axis.taps(o);
            case PADDED_CELLS -> axis.paddedTaps(o);
          };
    }
    return factors;
  }

  private static boolean mayBeEmpty(AxisRegions axis) {
    for (int o = 0; o < axis.outputSize(); o++) {
      if (axis.taps(o) == 0) {
        return true;
      }
    }
    return false;
  }

  /** Divides the rows of a band, the first of which may not exist; 0 is divided by 1. */
  void divide(A rows, int firstD, int firstH) {
    if (!divides) {
      return;
    }
    for (int i = 0; i < stencils.countD(); i++) {
      for (int j = 0; j < stencils.countH(); j++) {
        int row = i * stencils.countH() + j;
        long product = factor(d, firstD + i) * factor(h, firstH + j);
        if (product != above[row]) {
          above[row] = product;
          fill(row, product);
        }
      }
    }
    numbers.divide(rows, divisors, 0, stencils.rows() * pitch);
  }

  /** The number of an output; 0 if it does not exist. */
  private static long factor(long[] factors, int output) {
    return output >= 0 && output < factors.length ? factors[output] : 0;
  }

  private void fill(int row, long product) {
    int lanes = stencils.lanes();
    int end = Math.min(w.length, first + pitch / lanes);
    for (int o = Math.max(0, first); o < end; o++) {
      double divisor = product == 0 ? 1 : numbers.round(product * w[o]);
      numbers.fill(divisors, row * pitch + (o - first) * lanes, lanes, divisor);
    }
  }

  /** Sets the sums of empty regions to +0. */
  void clearEmpty(A rows, int firstD, int firstH) {
    if (!mayBeEmpty) {
      return;
    }
    for (int i = 0; i < stencils.bandD(); i++) {
      for (int j = 0; j < stencils.bandH(); j++) {
        int at = (i * stencils.countH() + j) * pitch;
        boolean all = isEmpty(geometry.d(), firstD + i) || isEmpty(geometry.h(), firstH + j);
        for (int o = 0; o < w.length; o++) {
          if (all || geometry.w().taps(o) == 0) {
            numbers.fill(rows, at + o * stencils.lanes(), stencils.lanes(), 0);
          }
        }
      }
    }
  }

  private static boolean isEmpty(AxisRegions axis, int output) {
    return output < axis.outputSize() && axis.taps(output) == 0;
  }
}
