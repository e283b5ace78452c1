package io.github.clpool.opencl;

import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import java.util.List;
import java.util.SortedMap;

/** The average weighted by the exponentials of logits, which have a gradient of their own. */
record ImportanceFamily() implements SmoothFamily {
  @Override
  public String word() {
    return "importance_pool";
  }

  @Override
  public boolean hasRows(Problem problem) {
    return true;
  }

  @Override
  public int rowBuffers() {
    return 2;
  }

  @Override
  public int rowSums() {
    return 2;
  }

  @Override
  public void define(SortedMap<String, String> macros, Problem problem) {
    if (!PoolFamily.isForward(problem)) {
      macros.put("GRAD_INPUT", problem.has(Role.GRAD_INPUT) ? "1" : "0");
      macros.put("GRAD_LOGITS", problem.has(Role.GRAD_LOGITS) ? "1" : "0");
    }
  }

  @Override
  public int statistics(Problem problem) {
    return PoolFamily.isForward(problem) ? 0 : 3;
  }

  @Override
  public List<KernelArgument> sources() {
    return KernelArgument.buffers(Role.INPUT, Role.LOGITS);
  }

  @Override
  public List<KernelArgument> gathered() {
    return KernelArgument.buffers(Role.INPUT, Role.LOGITS, Role.GRAD_OUTPUT);
  }

  @Override
  public List<KernelArgument> buffers(Problem problem) {
    if (PoolFamily.isForward(problem)) {
      return KernelArgument.buffers(Role.INPUT, Role.LOGITS, Role.OUTPUT);
    }
    Role[] gradients =
        List.of(Role.GRAD_INPUT, Role.GRAD_LOGITS).stream()
            .filter(problem::has)
            .toArray(Role[]::new);
    return SmoothFamily.join(
        SmoothFamily.join(gathered(), temporaries(problem)), KernelArgument.buffers(gradients));
  }
}
