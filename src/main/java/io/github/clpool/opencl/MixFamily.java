package io.github.clpool.opencl;

import io.github.clpool.op.Divisor;
import io.github.clpool.op.Mixture;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.op.WindowAxis;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;

/**
 * Maximum and average mixed. The statistics are what each output gives to the gradients: which cell
 * has the maximum, what that gets, what all cells get by the average, and, of mixtures with
 * weights, what these get.
 *
 * @param mixture how they are mixed
 * @param divisor what the sums of averages are divided by
 */
record MixFamily(Mixture mixture, Divisor divisor) implements SmoothFamily {
  private static final KernelArgument.Temporary OF_SHARES = new KernelArgument.Temporary(3);

  @Override
  public String word() {
    return "mix_pool";
  }

  @Override
  public boolean hasRows(Problem problem) {
    return !(mixture instanceof Mixture.Gated)
        && (PoolFamily.isForward(problem) || problem.has(Role.GRAD_INPUT));
  }

  @Override
  public int rowSums() {
    return 3;
  }

  /** The rows of outputs that reach a row of cells. */
  @Override
  public long rowsOfSums(WindowAxis h, WindowAxis w) {
    return (RowBuffers.effective(h) - 1) / h.stride() + 1;
  }

  @Override
  public List<KernelArgument> rowsBuffers(Problem problem) {
    if (PoolFamily.isForward(problem)) {
      return buffers(problem);
    }
    List<KernelArgument> buffers = new ArrayList<>(sources());
    buffers.add(new KernelArgument.Buffer(Role.GRAD_INPUT));
    if (problem.has(Role.GRAD_WEIGHTS)) {
      buffers.add(new KernelArgument.Temporary(0));
    }
    return buffers;
  }

  @Override
  public LaunchPlan withParameters(LaunchPlan plan, Problem problem) {
    if (!problem.has(Role.GRAD_WEIGHTS)) {
      return plan;
    }
    long bytes = problem.output().elements() * problem.type().computingType().bytes();
    LaunchPlan withTerms = new LaunchPlan(plan.launches(), List.of(bytes));
    return ParameterGradient.append(withTerms, new KernelArgument.Temporary(0), problem);
  }

  @Override
  public int rowBuffers() {
    return 2;
  }

  @Override
  public List<KernelArgument> rowsTail(Problem problem) {
    List<KernelArgument> tail = new ArrayList<>(tail(problem));
    tail.add(0, new KernelArgument.Int((int) problem.input().c()));
    return tail;
  }

  @Override
  public void define(SortedMap<String, String> macros, Problem problem) {
    macros.put("DIVISOR", divisor.kind().name());
    macros.put("MIXTURE", "MIX_" + mixture.name().toUpperCase(Locale.ROOT));
    if (mixture instanceof Mixture.Weighted weighted) {
      macros.put("SHARE_OF_MAX", LpFamily.literal(weighted.a(), problem.type()));
      macros.put("SHARE_OF_AVG", LpFamily.literal(weighted.b(), problem.type()));
    } else if (mixture instanceof Mixture.Cat cat) {
      PoolFamily.flag(macros, "MAX_FIRST", cat.order() == Mixture.Order.MAX_AVG);
    }
    PoolFamily.flag(
        macros, "OF_SHARES", mixture instanceof Mixture.Alpha && problem.has(Role.GRAD_WEIGHTS));
    PoolFamily.flag(macros, "CHOICE", PoolFamily.isForward(problem) && problem.has(Role.CHOICE));
  }

  private List<KernelArgument> weights() {
    return KernelArgument.buffers(mixture.parameters().toArray(Role[]::new));
  }

  private boolean isRandom() {
    return mixture instanceof Mixture.Random;
  }

  @Override
  public int statistics(Problem problem) {
    return PoolFamily.isForward(problem) ? 0 : mixture.parameters().isEmpty() ? 3 : 4;
  }

  @Override
  public List<KernelArgument> sources() {
    List<KernelArgument> sources = new ArrayList<>(KernelArgument.buffers(Role.INPUT));
    sources.addAll(weights());
    sources.addAll(
        isRandom()
            ? KernelArgument.buffers(Role.GRAD_OUTPUT, Role.CHOICE)
            : KernelArgument.buffers(Role.GRAD_OUTPUT));
    return sources;
  }

  @Override
  public List<KernelArgument> gathered() {
    return weights();
  }

  @Override
  public List<KernelArgument> buffers(Problem problem) {
    if (!PoolFamily.isForward(problem)) {
      return SmoothFamily.super.buffers(problem);
    }
    List<KernelArgument> buffers = new ArrayList<>(KernelArgument.buffers(Role.INPUT));
    buffers.addAll(weights());
    buffers.add(new KernelArgument.Buffer(Role.OUTPUT));
    if (isRandom()) {
      buffers.add(new KernelArgument.Key());
    }
    if (problem.has(Role.CHOICE)) {
      buffers.add(new KernelArgument.Buffer(Role.CHOICE));
    }
    return buffers;
  }

  @Override
  public List<KernelArgument> tail(Problem problem) {
    return List.of(new KernelArgument.Int(ownWeights(problem)));
  }

  /**
   * How many weights each channel has of its own; 0 if there are none or all channels share them.
   */
  private int ownWeights(Problem problem) {
    int weights = weightsOfChannel(problem);
    return problem.has(Role.WEIGHTS) && problem.arguments().get(Role.WEIGHTS).elements() != weights
        ? weights
        : 0;
  }

  private int weightsOfChannel(Problem problem) {
    Pool pool = (Pool) problem.operator();
    return mixture.parameters().isEmpty()
        ? 0
        : (int) mixture.weights(problem.input(), pool.regions()).get(0).elements();
  }

  @Override
  public List<CellKernel> cellKernels(Problem problem) {
    List<CellKernel> kernels = SmoothFamily.super.cellKernels(problem);
    return PoolFamily.isForward(problem) || problem.has(Role.GRAD_INPUT)
        ? kernels
        : kernels.subList(0, 1);
  }

  @Override
  public LaunchPlan direct(Problem problem, DeviceProfile device) {
    LaunchPlan plan = SmoothFamily.super.direct(problem, device);
    if (!problem.has(Role.GRAD_WEIGHTS)) {
      return plan;
    }
    return mixture instanceof Mixture.Gated
        ? withGateGradient(plan, problem, device)
        : ParameterGradient.append(plan, OF_SHARES, problem);
  }

  /** The term of a tap is that of the output times the cell at the tap. */
  private LaunchPlan withGateGradient(LaunchPlan plan, Problem problem, DeviceProfile device) {
    int taps = weightsOfChannel(problem);
    int columns = problem.output().w();
    List<Long> temporaries = new ArrayList<>(plan.temporaries());
    KernelArgument sums = new KernelArgument.Temporary(temporaries.size());
    long bytes = problem.type().computingType().bytes();
    temporaries.add(problem.input().planeCount() * taps * columns * bytes);
    List<KernelArgument> buffers = new ArrayList<>(KernelArgument.buffers(Role.INPUT));
    buffers.addAll(List.of(OF_SHARES, sums));
    CellKernel kernel = CellKernel.perOutput("columns", buffers);
    List<Launch> launches = new ArrayList<>(plan.launches());
    launches.add(
        CellLaunch.of(
            word(), macros(problem, device), kernel, (long) taps * columns, problem, device));
    return ParameterGradient.appendSums(
        new LaunchPlan(launches, temporaries), taps, columns, problem);
  }
}
