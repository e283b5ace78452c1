package io.github.clpool.opencl.cpu;

import io.github.clpool.op.AxisRegions;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.opencl.plan.Macros;
import io.github.clpool.opencl.plan.PoolCall;

/**
 * The private buffers of the {@code channels_last} kernels: what becomes of the columns of a row,
 * of as many channels as fit. Immutable.
 *
 * @param sharesColumns whether neighbouring outputs share the results of columns
 * @param capacity how many elements a buffer holds
 * @param bytes the bytes of all buffers of a work-item
 */
record ChannelsLastBuffers(boolean sharesColumns, long capacity, long bytes) {
  /** More elements than this leave the first-level cache. */
  private static final long USUAL = 8 << 10;

  /** With the rows that neighbouring rows of cells have in common: in the second-level cache. */
  private static final long USUAL_OF_ROWS = 16 << 10;

  static ChannelsLastBuffers of(PoolCall call, int lanes) {
    if (call.isForward()) {
      return ofForward(call, lanes);
    }
    Geometry geometry = call.geometry();
    if (call.isSelectionGradient()) {
      long capacity = roundUp((long) ChannelsLastImplementation.covers(call));
      return new ChannelsLastBuffers(false, capacity, capacity * Long.BYTES);
    }
    double spans = (double) span(geometry.d()) * span(geometry.h());
    long least = (long) ((spans + 1) * geometry.w().outputSize() * lanes);
    long capacity = Math.max(USUAL_OF_ROWS, roundUp(least));
    long bytes = capacity * call.numberBytes() + (long) spans * 2 * Integer.BYTES;
    return new ChannelsLastBuffers(true, capacity, bytes);
  }

  private static ChannelsLastBuffers ofForward(PoolCall call, int lanes) {
    Problem problem = call.problem();
    Geometry geometry = call.geometry();
    AxisRegions w = geometry.w();
    double column = (double) geometry.d().maxTaps() * geometry.h().maxTaps();
    double taps = (double) w.outputSize() * w.maxTaps();
    long capacity = Math.max(USUAL, roundUp((long) w.inputSize() * lanes));
    long bytes = capacity * call.numberBytes() * (problem.has(Role.INDICES) ? 2 : 1);
    // A column's result costs about as much again to be kept and found.
    boolean saves = w.inputSize() * (column + 1) + taps <= taps * column;
    return saves && bytes <= RowBuffers.MOST_BYTES
        ? new ChannelsLastBuffers(true, capacity, bytes)
        : new ChannelsLastBuffers(false, 0, 0);
  }

  /** From the first output that covers a cell to the last one. */
  private static long span(AxisRegions axis) {
    return Math.max(0, axis.maxCovers() - 1L) * axis.coverStep() + 1;
  }

  /** Few sizes, since each costs a compilation. */
  private static long roundUp(long elements) {
    return Math.max(1, Long.highestOneBit(2 * elements - 1));
  }

  void define(Macros macros, PoolCall call) {
    if (capacity > 0) {
      macros.put("CAPACITY", capacity);
    }
    if (call.isForward()) {
      macros.flag("SHARES_COLUMNS", sharesColumns);
    } else if (sharesColumns) {
      macros.put("SPAN_D", span(call.geometry().d())).put("SPAN_H", span(call.geometry().h()));
    }
  }
}
