package io.github.clpool.opencl;

import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import java.util.List;
import java.util.SortedMap;

/**
 * The average weighted by the exponentials of the cells.
 *
 * @param exact whether the gradient is the derivative, not that of the paper
 */
record SoftFamily(boolean exact) implements SmoothFamily {
  @Override
  public String word() {
    return "soft_pool";
  }

  @Override
  public boolean hasRows(Problem problem) {
    return true;
  }

  @Override
  public void define(SortedMap<String, String> macros, Problem problem) {
    PoolFamily.flag(macros, "PAPER_GRADIENT", !exact && !PoolFamily.isForward(problem));
  }

  @Override
  public int statistics(Problem problem) {
    return PoolFamily.isForward(problem) ? 0 : 4;
  }

  @Override
  public List<KernelArgument> sources() {
    return KernelArgument.buffers(Role.INPUT);
  }

  @Override
  public List<KernelArgument> gathered() {
    return KernelArgument.buffers(Role.GRAD_OUTPUT, Role.INPUT);
  }
}
