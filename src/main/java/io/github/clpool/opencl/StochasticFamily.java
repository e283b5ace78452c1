package io.github.clpool.opencl;

import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/** A cell drawn at random; once it is drawn, the gradient is that of the maximum. */
record StochasticFamily() implements WindowRowsFamily {
  @Override
  public String word() {
    return "stochastic_pool";
  }

  @Override
  public PoolFamily gradient() {
    return new SelectFamily(false, false);
  }

  /** Its sums are plain, whatever the number of terms. */
  @Override
  public boolean sums() {
    return false;
  }

  @Override
  public boolean divides() {
    return false;
  }

  /** For the total, and for the draw. */
  @Override
  public int passes() {
    return 2;
  }

  @Override
  public boolean hasRows(Problem problem) {
    return PoolFamily.isForward(problem);
  }

  /** The cells and the random numbers. */
  @Override
  public int rowBuffers() {
    return 2;
  }

  @Override
  public void define(SortedMap<String, String> macros, Problem problem) {
    PoolFamily.flag(macros, "INDICES", problem.has(Role.INDICES));
  }

  @Override
  public List<KernelArgument> buffers(Problem problem) {
    List<KernelArgument> buffers = new ArrayList<>(KernelArgument.buffers(Role.INPUT, Role.OUTPUT));
    if (problem.has(Role.INDICES)) {
      buffers.add(new KernelArgument.Buffer(Role.INDICES));
    }
    buffers.add(new KernelArgument.Key());
    return buffers;
  }
}
