package io.github.clpool.opencl.cpu;

import io.github.clpool.op.Geometry;
import io.github.clpool.op.Problem;
import io.github.clpool.op.WindowAxis;
import io.github.clpool.opencl.plan.Macros;
import io.github.clpool.opencl.plan.PoolCall;
import io.github.clpool.tensor.DataType;

/**
 * The private memory of the {@code window_rows} kernels. Twin of the pitches in {@code
 * row_windows.clh} and {@code row_terms.clh}. Immutable.
 *
 * @param lanes how many outputs are computed side by side
 * @param rows the elements of a buffer of the input rows that an output row needs
 * @param slack how many more a buffer has, for vectors that reach over a row's end
 * @param sums the elements of a gradient's buffer of sums, 0 in the forward direction
 * @param bytes the bytes of all buffers of a work-item
 * @param mostBytes how many bytes there may be
 */
record WindowRowBuffers(int lanes, long rows, long slack, long sums, long bytes, long mostBytes) {
  /** The buffers of a row must stay in the first-level cache, or nearly. */
  private static final long MOST_BYTES = 64 << 10;

  /** Gradients have more of them, and without them everything is computed twice. */
  private static final long MOST_GRADIENT_BYTES = 256 << 10;

  private static final int LANES = 8;

  /** Wider vectors are faster where a row fills them; doubles would need too many registers. */
  private static final int WIDE_LANES = 16;

  /** Numbers that a gradient keeps of each tap: terms and what they are made of. */
  private static final int PER_TAP = 3;

  /** Buffers of the size of the others that hold gradients and counts of an output row. */
  private static final int OF_OUTPUTS = 3;

  static WindowRowBuffers of(PoolCall call, WindowRowsKernel kernel) {
    Problem problem = call.problem();
    Geometry geometry = call.geometry();
    WindowAxis h = (WindowAxis) geometry.h();
    WindowAxis w = (WindowAxis) geometry.w();
    boolean wide =
        kernel.wide() && w.outputSize() >= WIDE_LANES && problem.type() != DataType.FLOAT64;
    int lanes = wide ? WIDE_LANES : LANES;
    long size = call.numberBytes();
    long reach = (w.outputSize() - 1L) * w.stride() + PoolCall.effective(w);
    long rows = roundUp(h.kernel() * Math.max(w.before() + (long) w.inputSize(), reach));
    long slack = RowBuffers.slack(lanes, w);
    long taps = (long) h.kernel() * w.kernel() * lanes;
    if (call.isForward()) {
      long bytes = ((rows + slack) * kernel.rows() + rows + taps * kernel.weights()) * size;
      return new WindowRowBuffers(lanes, rows, slack, 0, bytes, MOST_BYTES);
    }
    long sums = roundUp(kernel.rowsOfSums(h, w) * termsPitch(w, lanes));
    long terms = sums + taps * PER_TAP;
    long elements = (rows + slack) * (kernel.rows() + OF_OUTPUTS) + terms * kernel.sums();
    return new WindowRowBuffers(lanes, rows, slack, sums, elements * size, MOST_GRADIENT_BYTES);
  }

  private static long termsPitch(WindowAxis w, int lanes) {
    long cells = wholeLanes((w.inputSize() - 1L) / w.stride() + 1, lanes);
    long lead = (PoolCall.effective(w) - 1) / w.stride() + 1;
    long pitch = lead + Math.max(w.outputSize(), w.before() / w.stride() + cells + 1);
    return wholeLanes(pitch + lanes, lanes);
  }

  private static long wholeLanes(long elements, int lanes) {
    return (elements + lanes - 1) / lanes * lanes;
  }

  /** Few sizes, since each costs a compilation. */
  private static long roundUp(long elements) {
    return Math.max(256, Long.highestOneBit(2 * elements - 1));
  }

  boolean fit() {
    return bytes <= mostBytes;
  }

  void define(Macros macros) {
    macros.put("CAPACITY", rows).put("SLACK", slack);
    if (sums > 0) {
      macros.put("SUMS_CAPACITY", sums);
    }
    if (lanes != LANES) {
      macros.put("LANES", lanes);
    }
  }
}
