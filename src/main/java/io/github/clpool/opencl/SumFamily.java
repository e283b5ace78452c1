package io.github.clpool.opencl;

import io.github.clpool.op.Divisor;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import java.util.List;
import java.util.SortedMap;

/**
 * Average and sum.
 *
 * @param divisor what the sum is divided by
 */
record SumFamily(Divisor divisor) implements PoolFamily {
  @Override
  public String word() {
    return "avg_pool";
  }

  @Override
  public boolean sums() {
    return true;
  }

  @Override
  public boolean divides() {
    return divisor.kind() != Divisor.Kind.NONE;
  }

  @Override
  public int passes() {
    return 1;
  }

  @Override
  public void define(SortedMap<String, String> macros, Problem problem) {
    macros.put("DIVISOR", divides() ? divisor.kind().name() : "NO_DIVISOR");
  }

  @Override
  public List<KernelArgument> buffers(Problem problem) {
    return PoolFamily.isForward(problem)
        ? KernelArgument.buffers(Role.INPUT, Role.OUTPUT)
        : KernelArgument.buffers(Role.GRAD_OUTPUT, Role.GRAD_INPUT);
  }

  @Override
  public List<KernelArgument> tail(Problem problem) {
    return List.of(new KernelArgument.Int(divisor.fixed()));
  }
}
