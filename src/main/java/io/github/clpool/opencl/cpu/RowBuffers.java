package io.github.clpool.opencl.cpu;

import io.github.clpool.op.AxisRegions;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.op.WindowAxis;
import io.github.clpool.opencl.plan.Macros;
import io.github.clpool.opencl.plan.PoolCall;

/**
 * The private buffers of the {@code rows} kernels: how many elements each holds, so that a strip of
 * rows fits. Twin of the pitches in {@code rows_forward.clh}, {@code max_pool_rows_indices.cl} and
 * {@code rows_gradient.clh}. Immutable.
 *
 * @param lanes the elements of a vector
 * @param capacity the elements of a buffer
 * @param slack how many more it has, for vectors that reach over a row's end
 * @param bytes the bytes of all buffers of a work-item
 */
public record RowBuffers(int lanes, long capacity, long slack, long bytes) {
  /** More private memory than this leaves the first-level caches and may exhaust a stack. */
  static final long MOST_BYTES = 256 << 10;

  private static final int LANES = 8;

  /** Strips of this many elements stay in the first-level cache, with what is prefetched. */
  private static final long USUAL = 512;

  /** Strips of what has neighbouring rows in common are better longer. */
  private static final long USUAL_WITH_OVERLAP = 1024;

  /** How far apart some kernels hold their buffers, at most. */
  private static final long APART = 256;

  static RowBuffers of(PoolCall call) {
    Problem problem = call.problem();
    Geometry geometry = call.geometry();
    AxisRegions h = geometry.h();
    AxisRegions w = geometry.w();
    long slices = geometry.d() instanceof WindowAxis d ? d.kernel() : 1;
    boolean sums = call.reduction().sums();
    int lanes = call.wantsValuesOnly() && fillsWideVectors(call) ? 2 * LANES : LANES;
    long size = call.numberBytes();
    if (problem.direction() == Direction.BACKWARD) {
      long cells = roundUp((w.inputSize() - 1L) / stride(w) + 1);
      long lead = (PoolCall.effective(w) - 1) / stride(w) + 1;
      long pitch = lead + Math.max(w.outputSize(), before(w) / stride(w) + cells + 1);
      long rows = (PoolCall.effective(h) - 1 + stride(h) - 1) / stride(h) + 1;
      return of(
          LANES,
          slices * pitch * rows,
          LANES,
          USUAL_WITH_OVERLAP,
          sums ? 3 * size : size + Integer.BYTES);
    }
    long pitch =
        Math.max(
            before(w) + (long) w.inputSize(),
            (w.outputSize() - 1L) * stride(w) + PoolCall.effective(w));
    pitch = Math.max(pitch, roundUp(w.outputSize()));
    long slack = slack(lanes, w);
    return problem.has(Role.INDICES)
        ? of(lanes, slices * pitch * PoolCall.effective(h), slack, USUAL_WITH_OVERLAP, 4 * size)
        : of(lanes, pitch, slack, USUAL, 3 * size);
  }

  private static RowBuffers of(int lanes, long least, long slack, long usual, long bytes) {
    long capacity = usual;
    // Twice the least, so that the rows around a strip do not outweigh the strip.
    while (capacity < 2 * least) {
      capacity *= 2;
    }
    // Wide rows have to do with what there is, as long as one strip fits.
    capacity = Math.max(least, Math.min(capacity, MOST_BYTES / bytes));
    return new RowBuffers(lanes, capacity, slack, (capacity + slack + APART) * bytes);
  }

  /** Vectors of taps, and of windows, reach so far behind a row. */
  static long slack(int lanes, AxisRegions w) {
    return (long) lanes * stride(w) + PoolCall.effective(w) + lanes;
  }

  void define(Macros macros) {
    macros.put("CAPACITY", capacity).put("SLACK", slack);
    if (lanes != LANES) {
      macros.put("ROW_LANES", lanes);
    }
  }

  /** Whether rows are worth vectors of twice as many lanes. */
  private static boolean fillsWideVectors(PoolCall call) {
    AxisRegions w = call.geometry().w();
    int wide = 2 * LANES;
    int left = w.inputSize() % wide;
    boolean wholly = left == 0 || left > LANES || w.inputSize() > LANES * wide;
    int bytes = call.problem().type().bytes();
    boolean sumsWidened = bytes < Float.BYTES && call.reduction().sums();
    return wholly
        && Math.min(w.inputSize(), w.outputSize()) >= wide
        && bytes <= Float.BYTES
        && !sumsWidened;
  }

  private static long roundUp(long elements) {
    return (elements + LANES - 1) / LANES * LANES;
  }

  private static int stride(AxisRegions axis) {
    return axis instanceof WindowAxis window ? window.stride() : 1;
  }

  private static int before(AxisRegions axis) {
    return axis instanceof WindowAxis window ? window.before() : 0;
  }
}
