package io.github.clpool.opencl;

import io.github.clpool.op.Problem;
import io.github.clpool.op.WindowAxis;
import java.util.List;

/** A family whose windows share nothing, so that {@code window_rows} may take it. */
interface WindowRowsFamily extends PoolFamily {
  /** Whether {@code window_rows} has a kernel for a problem. */
  boolean hasRows(Problem problem);

  /** Whether that kernel takes vectors of any width. */
  default boolean fillsWideVectors() {
    return false;
  }

  /** How many private buffers of window rows that kernel has. */
  default int rowBuffers() {
    return 1;
  }

  /** How many buffers of what outputs give its gradient has. */
  default int rowSums() {
    return 1;
  }

  /** How many rows of outputs each of these buffers holds: those of each tap of a window. */
  default long rowsOfSums(WindowAxis h, WindowAxis w) {
    return RowBuffers.effective(h) * w.kernel();
  }

  /** Its first arguments. */
  default List<KernelArgument> rowsBuffers(Problem problem) {
    return buffers(problem).stream()
        .filter(argument -> !(argument instanceof KernelArgument.Temporary))
        .toList();
  }

  /** Its last arguments. */
  default List<KernelArgument> rowsTail(Problem problem) {
    return List.of();
  }

  /** Adds what gradients of parameters need to the plan of its gradient. */
  default LaunchPlan withParameters(LaunchPlan plan, Problem problem) {
    return plan;
  }
}
