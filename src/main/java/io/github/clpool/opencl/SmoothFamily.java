package io.github.clpool.opencl;

import io.github.clpool.exact.Sums;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A reduction that selects no cell. For gradients {@code direct} first computes the statistics of
 * each output, which are never those that were stored rounded.
 */
interface SmoothFamily extends WindowRowsFamily {
  @Override
  default boolean sums() {
    return true;
  }

  @Override
  default boolean divides() {
    return true;
  }

  @Override
  default boolean fillsWideVectors() {
    return true;
  }

  @Override
  default Optional<String> plainSumsRefusal(Problem problem, DeviceProfile device) {
    return PoolFamily.hasShortSums(problem, true)
        ? WindowRowsFamily.super.plainSumsRefusal(problem, device)
        : Optional.of("regions have more than " + Sums.BLOCK + " cells along an axis");
  }

  /** What the statistics are computed from. */
  List<KernelArgument> sources();

  /** What the gradient of a cell is computed from besides the statistics. */
  List<KernelArgument> gathered();

  @Override
  default List<KernelArgument> buffers(Problem problem) {
    return PoolFamily.isForward(problem)
        ? KernelArgument.buffers(Role.INPUT, Role.OUTPUT)
        : join(join(gathered(), temporaries(problem)), KernelArgument.buffers(Role.GRAD_INPUT));
  }

  /** The statistics. */
  default List<KernelArgument> temporaries(Problem problem) {
    List<KernelArgument> temporaries = new ArrayList<>();
    for (int i = 0; i < statistics(problem); i++) {
      temporaries.add(new KernelArgument.Temporary(i));
    }
    return temporaries;
  }

  @Override
  default List<CellKernel> cellKernels(Problem problem) {
    if (PoolFamily.isForward(problem)) {
      return WindowRowsFamily.super.cellKernels(problem);
    }
    return List.of(
        CellKernel.perOutput("statistics", join(sources(), temporaries(problem))),
        CellKernel.perCell("backward", buffers(problem)));
  }

  /** One list after the other. */
  static List<KernelArgument> join(List<KernelArgument> first, List<KernelArgument> second) {
    List<KernelArgument> both = new ArrayList<>(first);
    both.addAll(second);
    return both;
  }
}
