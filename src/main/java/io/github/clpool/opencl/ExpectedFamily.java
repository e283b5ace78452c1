package io.github.clpool.opencl;

import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import java.util.List;
import java.util.SortedMap;

/** What stochastic pooling draws on average: cells weighted by themselves. */
record ExpectedFamily() implements SmoothFamily {
  @Override
  public String word() {
    return "expected_pool";
  }

  @Override
  public boolean hasRows(Problem problem) {
    return PoolFamily.isForward(problem);
  }

  @Override
  public void define(SortedMap<String, String> macros, Problem problem) {}

  @Override
  public int statistics(Problem problem) {
    return PoolFamily.isForward(problem) ? 0 : 2;
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
