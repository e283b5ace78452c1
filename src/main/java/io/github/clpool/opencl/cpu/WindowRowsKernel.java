package io.github.clpool.opencl.cpu;

import io.github.clpool.op.Role;
import io.github.clpool.op.WindowAxis;
import io.github.clpool.opencl.plan.PoolCall;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code window_rows} knows of the kernels that were written for one reduction. Immutable.
 *
 * @param wide whether they take vectors of any width
 * @param rows how many buffers of window rows they have
 * @param weights how many numbers the forward one keeps for each tap of a window
 * @param sums how many buffers of what outputs give its gradient has; 0 if there is no such kernel
 * @param perTap whether each of these has rows for each tap of a window
 */
record WindowRowsKernel(boolean wide, int rows, int weights, int sums, boolean perTap) {
  /** By the name of the reduction's header. */
  private static final Map<String, WindowRowsKernel> BY_HEADER =
      Map.of(
          "soft", new WindowRowsKernel(true, 1, 0, 1, true),
          "importance", new WindowRowsKernel(true, 2, 1, 2, true),
          "mix", new WindowRowsKernel(true, 2, 0, 3, false),
          "expected", new WindowRowsKernel(true, 1, 0, 0, true),
          "stochastic", new WindowRowsKernel(false, 2, 0, 0, true));

  /** The kernel of a call, if there is one. */
  static Optional<WindowRowsKernel> of(PoolCall call) {
    WindowRowsKernel kernel = BY_HEADER.get(call.reduction().name());
    boolean exists =
        kernel != null
            && !call.reduction().isGated()
            && (call.isForward() || kernel.sums() > 0 && hasCells(call));
    return exists ? Optional.of(kernel) : Optional.empty();
  }

  private static boolean hasCells(PoolCall call) {
    return call.problem().has(Role.GRAD_INPUT) || call.problem().has(Role.GRAD_LOGITS);
  }

  /** How many rows of outputs each buffer of sums holds: those that reach a row of cells. */
  long rowsOfSums(WindowAxis h, WindowAxis w) {
    return perTap
        ? PoolCall.effective(h) * w.kernel()
        : (PoolCall.effective(h) - 1) / h.stride() + 1;
  }
}
