package io.github.clpool.opencl;

import io.github.clpool.op.Problem;
import java.util.List;

/** A family whose windows share nothing, so that {@code window_rows} may take it. */
interface WindowRowsFamily extends PoolFamily {
  /** Whether there is a kernel for {@code window_rows}. */
  boolean hasRows();

  /** How many private buffers that kernel has. */
  default int rowBuffers() {
    return 1;
  }

  /** Its last arguments. */
  default List<KernelArgument> rowsTail(Problem problem) {
    return List.of();
  }
}
