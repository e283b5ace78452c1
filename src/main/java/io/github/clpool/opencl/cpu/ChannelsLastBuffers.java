package io.github.clpool.opencl.cpu;

import io.github.clpool.op.AxisRegions;
import io.github.clpool.op.Geometry;
import io.github.clpool.opencl.plan.Macros;
import io.github.clpool.opencl.plan.PoolCall;

/**
 * The private buffers of the {@code channels_last} kernels: what becomes of the columns of a row,
 * or of rows, of as many channels as fit. Immutable.
 *
 * @param shares whether regions share what columns or rows that they have in common give
 * @param capacity how many elements a buffer holds
 * @param bytes the bytes of all buffers of a work-item
 */
record ChannelsLastBuffers(boolean shares, long capacity, long bytes) {
  /** More elements than this leave the first-level cache. */
  private static final long USUAL = 8 << 10;

  /** With the rows that neighbouring rows of cells have in common: in the second-level cache. */
  private static final long USUAL_OF_ROWS = 16 << 10;

  /** Kernels unroll no more taps than this. */
  private static final int FEW_TAPS = 32;

  /**
   * What it costs to keep and to find what a column gives, in cells; as measured, windows of 3x3 do
   * not share.
   */
  private static final double KEPT_COLUMN = 4;

  /** How far apart kernels hold their buffers. */
  private static final long APART = 128;

  static ChannelsLastBuffers of(PoolCall call, int lanes) {
    if (call.isForward()) {
      return call.wantsValuesOnly() ? ofForward(call, lanes) : ofIndices(call, lanes);
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
    Geometry geometry = call.geometry();
    AxisRegions w = geometry.w();
    double column = (double) geometry.d().maxTaps() * geometry.h().maxTaps();
    double taps = (double) w.outputSize() * w.maxTaps();
    long capacity = Math.max(USUAL, roundUp((long) w.inputSize() * lanes));
    long bytes = capacity * call.numberBytes();
    boolean saves = w.inputSize() * (column + KEPT_COLUMN) + taps <= taps * column;
    return saves && bytes <= RowBuffers.MOST_BYTES
        ? new ChannelsLastBuffers(true, capacity, bytes)
        : new ChannelsLastBuffers(false, 0, 0);
  }

  /** Keys and cells of the rows of a region, all channels of as many outputs as fit. */
  private static ChannelsLastBuffers ofIndices(PoolCall call, int lanes) {
    Geometry geometry = call.geometry();
    double rows = (double) regionSpan(geometry.d()) * regionSpan(geometry.h());
    double all = rows * geometry.w().outputSize() * call.problem().input().c();
    long bytes = 2 * call.numberBytes();
    // Which rows are kept, and where those of a region lie.
    long others = (long) Math.min(rows, RowBuffers.MOST_BYTES) * 2 * Integer.BYTES;
    long most = (RowBuffers.MOST_BYTES - others) / bytes - APART;
    long capacity = all < most ? Math.min(most, roundUp((long) all)) : most;
    return savesByRows(call) && rows * lanes <= capacity
        ? new ChannelsLastBuffers(true, capacity, (capacity + APART) * bytes + others)
        : new ChannelsLastBuffers(false, 0, 0);
  }

  /**
   * Whether to keep what rows give is less work for each output than to look at its region's cells.
   * What is kept costs half as much again as a cell, but cells that are widened cost more, too, as
   * do loops over more cells than are unrolled.
   */
  private static boolean savesByRows(PoolCall call) {
    AxisRegions d = call.geometry().d();
    AxisRegions h = call.geometry().h();
    double taps = call.geometry().w().maxTaps();
    double column = (double) d.maxTaps() * h.maxTaps();
    long stride = Math.max(1, Math.round((double) h.inputSize() / h.outputSize()));
    double newRows = (double) d.maxTaps() * Math.min(stride, h.maxTaps());
    double kept = call.problem().type().bytes() < Float.BYTES ? 1 : 1.5;
    boolean rolled = column * taps > FEW_TAPS && taps > 1;
    return column > 1 && (rolled || newRows * taps + kept * column <= column * taps);
  }

  /** From the first cell of a region to the last one. */
  private static long regionSpan(AxisRegions axis) {
    return Math.min(axis.inputSize(), (axis.maxTaps() - 1L) * axis.step() + 1);
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
    AxisRegions d = call.geometry().d();
    AxisRegions h = call.geometry().h();
    if (call.wantsValuesOnly()) {
      macros.flag("SHARES_COLUMNS", shares);
    } else if (call.isForward()) {
      macros.flag("SHARES_ROWS", shares);
      if (shares) {
        macros.put("SPAN_D", regionSpan(d)).put("SPAN_H", regionSpan(h));
      }
    } else if (shares) {
      macros.put("SPAN_D", span(d)).put("SPAN_H", span(h));
    }
  }
}
