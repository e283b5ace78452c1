package io.github.clpool.opencl;

import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import java.util.List;
import java.util.SortedMap;

/**
 * Maximum and minimum, and the greatest magnitude.
 *
 * @param minimum whether it is the minimum
 * @param magnitudes whether cells count as their magnitudes
 */
record SelectFamily(boolean minimum, boolean magnitudes) implements PoolFamily {
  @Override
  public String word() {
    return "max_pool";
  }

  @Override
  public boolean sums() {
    return false;
  }

  @Override
  public boolean divides() {
    return false;
  }

  @Override
  public int passes() {
    return 1;
  }

  @Override
  public void define(SortedMap<String, String> macros, Problem problem) {
    boolean forward = PoolFamily.isForward(problem);
    PoolFamily.flag(macros, "MINIMUM", minimum && forward);
    PoolFamily.flag(macros, "MAGNITUDES", magnitudes);
    PoolFamily.flag(macros, "INDICES", problem.has(Role.INDICES) && forward);
  }

  @Override
  public List<KernelArgument> buffers(Problem problem) {
    if (!PoolFamily.isForward(problem)) {
      return magnitudes
          ? KernelArgument.buffers(Role.GRAD_OUTPUT, Role.INDICES, Role.INPUT, Role.GRAD_INPUT)
          : KernelArgument.buffers(Role.GRAD_OUTPUT, Role.INDICES, Role.GRAD_INPUT);
    }
    return problem.has(Role.INDICES)
        ? KernelArgument.buffers(Role.INPUT, Role.OUTPUT, Role.INDICES)
        : KernelArgument.buffers(Role.INPUT, Role.OUTPUT);
  }
}
