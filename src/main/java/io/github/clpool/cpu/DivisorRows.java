package io.github.clpool.cpu;

import io.github.clpool.op.AxisRegions;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Divisor;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Problem;

/**
 * The divisors of some rows of sums, or of the gradients that are summed, each at its output's
 * position, so that all are divided by in one go. Memory of one thread.
 */
final class DivisorRows<A> {
  private final Numbers<A> numbers;
  private final Geometry geometry;
  private final boolean divides;
  private final boolean mayBeEmpty;

  // A divisor is the product of a number for each axis.
  private final long[] d;
  private final long[] h;
  private final long[] w;

  private final int lanes;
  private final int first;
  private final int pitch;
  private final long[] above; // the product of d and h in each row, 0 in none
  private final A divisors;

  /**
   * Those of a problem.
   *
   * @param problem what is summed
   * @param numbers what divides
   * @param lanes the number of elements of a cell
   * @param first the output that a row begins with; may not exist
   * @param pitch the number of elements of a row
   * @param rows the most rows
   */
  DivisorRows(Problem problem, Numbers<A> numbers, int lanes, int first, int pitch, int rows) {
    this.numbers = numbers;
    this.lanes = lanes;
    this.first = first;
    this.pitch = pitch;
    geometry = problem.pool().geometry(problem.input());
    Divisor divisor = problem.pool().divisor();
    divides = divisor.kind() != Divisor.Kind.NONE;
    mayBeEmpty =
        problem.direction() == Direction.FORWARD
            && (mayBeEmpty(geometry.d()) || mayBeEmpty(geometry.h()) || mayBeEmpty(geometry.w()));
    d = factors(geometry.d(), divisor, 1);
    h = factors(geometry.h(), divisor, 1);
    w = factors(geometry.w(), divisor, divisor.fixed());
    above = new long[rows];
    int size = divides ? rows * pitch : 0;
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

  /** Divides the rows of some planes, the first of which may not exist; 0 is divided by 1. */
  void divide(A rows, int planes, int firstD, int countD, int firstH, int countH) {
    if (!divides) {
      return;
    }
    for (int i = 0; i < planes * countD; i++) {
      for (int j = 0; j < countH; j++) {
        int row = i * countH + j;
        long product = factor(d, firstD + i % countD) * factor(h, firstH + j);
        if (product != above[row]) {
          above[row] = product;
          fill(row, product);
        }
      }
    }
    numbers.divide(rows, divisors, 0, planes * countD * countH * pitch);
  }

  /** The number of an output; 0 if it does not exist. */
  private static long factor(long[] factors, int output) {
    return output >= 0 && output < factors.length ? factors[output] : 0;
  }

  private void fill(int row, long product) {
    int end = Math.min(w.length, first + pitch / lanes);
    for (int o = Math.max(0, first); o < end; o++) {
      double divisor = product == 0 ? 1 : numbers.round(product * w[o]);
      numbers.fill(divisors, row * pitch + (o - first) * lanes, lanes, divisor);
    }
  }

  /** Sets the sums of empty regions to +0; the rows of a depth are {@code rowsH}. */
  void clearEmpty(A rows, int planes, int firstD, int countD, int firstH, int countH, int rowsH) {
    if (!mayBeEmpty) {
      return;
    }
    for (int i = 0; i < planes * countD; i++) {
      for (int j = 0; j < countH; j++) {
        int at = (i * rowsH + j) * pitch;
        boolean all =
            isEmpty(geometry.d(), firstD + i % countD) || isEmpty(geometry.h(), firstH + j);
        for (int o = 0; o < w.length; o++) {
          if (all || geometry.w().taps(o) == 0) {
            numbers.fill(rows, at + o * lanes, lanes, 0);
          }
        }
      }
    }
  }

  private static boolean isEmpty(AxisRegions axis, int output) {
    return output < axis.outputSize() && axis.taps(output) == 0;
  }
}
