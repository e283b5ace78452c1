package io.github.clpool.opencl;

import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * The generalised mean, whose exponent is an input.
 *
 * @param eps what lower cells count as
 */
record GemFamily(double eps) implements SmoothFamily {
  /** Behind the two statistics: what each output gives to the gradient of the exponent. */
  private static final KernelArgument.Temporary TERMS = new KernelArgument.Temporary(2);

  @Override
  public String word() {
    return "gem_pool";
  }

  @Override
  public boolean hasRows(Problem problem) {
    return false;
  }

  @Override
  public void define(SortedMap<String, String> macros, Problem problem) {
    macros.put("LEAST", LpFamily.literal(eps, problem.type()));
  }

  @Override
  public int statistics(Problem problem) {
    return PoolFamily.isForward(problem) ? 0 : problem.has(Role.GRAD_WEIGHTS) ? 3 : 2;
  }

  @Override
  public List<KernelArgument> temporaries(Problem problem) {
    return List.of(new KernelArgument.Temporary(0), new KernelArgument.Temporary(1));
  }

  @Override
  public List<KernelArgument> sources() {
    return KernelArgument.buffers(Role.INPUT, Role.WEIGHTS, Role.GRAD_OUTPUT);
  }

  @Override
  public List<KernelArgument> gathered() {
    return KernelArgument.buffers(Role.INPUT, Role.WEIGHTS);
  }

  @Override
  public List<KernelArgument> buffers(Problem problem) {
    return PoolFamily.isForward(problem)
        ? KernelArgument.buffers(Role.INPUT, Role.WEIGHTS, Role.OUTPUT)
        : SmoothFamily.super.buffers(problem);
  }

  @Override
  public List<KernelArgument> tail(Problem problem) {
    return List.of(new KernelArgument.Int((int) problem.arguments().get(Role.WEIGHTS).elements()));
  }

  @Override
  public List<CellKernel> cellKernels(Problem problem) {
    List<CellKernel> kernels = new ArrayList<>();
    if (PoolFamily.isForward(problem) || problem.has(Role.GRAD_INPUT)) {
      kernels.addAll(SmoothFamily.super.cellKernels(problem));
    }
    if (problem.has(Role.GRAD_WEIGHTS)) {
      kernels.add(CellKernel.perOutput("terms", SmoothFamily.join(sources(), List.of(TERMS))));
    }
    return kernels;
  }

  @Override
  public LaunchPlan direct(Problem problem, DeviceProfile device) {
    LaunchPlan plan = SmoothFamily.super.direct(problem, device);
    return problem.has(Role.GRAD_WEIGHTS) ? ParameterGradient.append(plan, TERMS, problem) : plan;
  }
}
