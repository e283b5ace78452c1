package io.github.clpool.cpu;

import io.github.clpool.op.AxisRegions;
import io.github.clpool.op.Divisor;
import io.github.clpool.op.Geometry;
import java.util.stream.IntStream;

/** The divisors of an average, a row of outputs at a time. Not thread-safe. */
final class DivisorRows<A> {
  private final Numbers<A> numbers;
  private final Divisor divisor;
  private final Geometry geometry;
  private final int lanes;
  private final A row;
  private long cellsAbove = -1;

  DivisorRows(Numbers<A> numbers, Divisor divisor, Geometry geometry, int lanes) {
    this.numbers = numbers;
    this.divisor = divisor;
    this.geometry = geometry;
    this.lanes = lanes;
    this.row = numbers.array(geometry.w().outputSize() * lanes);
  }

  /** Divides outputs, or their gradients, of a row: {@code count} from output {@code ow} on. */
  void divide(int od, int oh, A outputs, int ow, int count) {
    if (divisor.kind() == Divisor.Kind.NONE) {
      return;
    }
    long cells = count(geometry.d(), od) * count(geometry.h(), oh);
    if (cells != cellsAbove) {
      cellsAbove = cells;
      for (int i = 0; i < geometry.w().outputSize(); i++) {
        numbers.fill(row, i * lanes, lanes, numbers.round(divisor.of(geometry, od, oh, i)));
      }
    }
    numbers.divide(outputs, row, ow * lanes, count * lanes);
  }

  /** What a row's divisors depend on besides their position in the row. */
  private long count(AxisRegions axis, int output) {
    return switch (divisor.kind()) {
      case NONE, FIXED -> 1;
      case CELLS -> axis.taps(output);
      case PADDED_CELLS -> axis.paddedTaps(output);
    };
  }

  /** Whether any region has no cell. */
  static boolean mayBeEmpty(Geometry geometry) {
    return IntStream.range(0, 3)
        .mapToObj(geometry::axis)
        .anyMatch(axis -> IntStream.range(0, axis.outputSize()).anyMatch(o -> axis.taps(o) == 0));
  }

  /** Sets the outputs of empty regions in a row of sums to +0. */
  void clearEmpty(int od, int oh, A outputs) {
    boolean all = geometry.d().taps(od) == 0 || geometry.h().taps(oh) == 0;
    for (int ow = 0; ow < geometry.w().outputSize(); ow++) {
      if (all || geometry.w().taps(ow) == 0) {
        numbers.fill(outputs, ow * lanes, lanes, 0);
      }
    }
  }
}
