package io.github.clpool.opencl;

import java.util.List;

/**
 * A kernel with a work-item per output or per input cell, as {@code lib/planes.clh} finds them.
 * Immutable.
 *
 * @param suffix how its function's name ends, behind the word of its file
 * @param perOutput whether a work-item is an output
 * @param buffers its first arguments
 */
record CellKernel(String suffix, boolean perOutput, List<KernelArgument> buffers) {
  static CellKernel perOutput(String suffix, List<KernelArgument> buffers) {
    return new CellKernel(suffix, true, buffers);
  }

  static CellKernel perCell(String suffix, List<KernelArgument> buffers) {
    return new CellKernel(suffix, false, buffers);
  }
}
