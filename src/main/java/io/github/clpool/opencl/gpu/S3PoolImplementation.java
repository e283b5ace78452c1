package io.github.clpool.opencl.gpu;

import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.op.S3Pool;
import io.github.clpool.opencl.plan.Chain;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.KernelArgument;
import io.github.clpool.opencl.plan.Launch;
import io.github.clpool.opencl.plan.LaunchPlan;
import io.github.clpool.opencl.plan.Macros;
import io.github.clpool.opencl.plan.OpenClImplementation;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * S3Pool's inference as its two poolings, one after the other, each by the implementation that
 * would take it alone. Between them gradients are in the computing type.
 */
public final class S3PoolImplementation implements OpenClImplementation {
  private final BiFunction<Problem, DeviceProfile.Kind, List<OpenClImplementation>> poolings;

  /** Chains poolings that are planned by the implementations of some table. */
  public S3PoolImplementation(
      BiFunction<Problem, DeviceProfile.Kind, List<OpenClImplementation>> poolings) {
    this.poolings = poolings;
  }

  @Override
  public String name() {
    return "chain";
  }

  @Override
  public Verdict accepts(Problem problem, DeviceProfile device) {
    return accept("a maximum, then an average");
  }

  @Override
  public LaunchPlan plan(Problem problem, DeviceProfile device) {
    Steps steps = new Steps(problem, device);
    if (problem.direction() == Direction.FORWARD) {
      steps.forward();
    } else {
      steps.backward();
    }
    return steps.chain.plan();
  }

  /** The steps of a call. */
  private final class Steps {
    final Chain chain;
    private final Problem problem;
    private final DeviceProfile device;
    private final S3Pool s3;
    private final Shape between;

    Steps(Problem problem, DeviceProfile device) {
      this.chain = new Chain(device, poolings);
      this.problem = problem;
      this.device = device;
      this.s3 = (S3Pool) problem.operator();
      this.between = s3.maximum().outputShape(problem.input());
    }

    void forward() {
      KernelArgument x = new KernelArgument.Buffer(Role.INPUT);
      KernelArgument y = new KernelArgument.Buffer(Role.OUTPUT);
      KernelArgument maxima = chain.temporary(between, problem.type());
      DataType type = problem.type();
      add(s3.maximum(), problem.input(), type, false, Map.of(Role.INPUT, x, Role.OUTPUT, maxima));
      add(s3.average(), between, type, false, Map.of(Role.INPUT, maxima, Role.OUTPUT, y));
    }

    void backward() {
      Shape input = problem.input();
      DataType type = problem.type();
      DataType wide = type.computingType();
      KernelArgument x = new KernelArgument.Buffer(Role.INPUT);
      KernelArgument g = new KernelArgument.Buffer(Role.GRAD_OUTPUT);
      KernelArgument dx = new KernelArgument.Buffer(Role.GRAD_INPUT);
      KernelArgument maxima = chain.temporary(between, type);
      KernelArgument indices = chain.temporary(between, DataType.INT32);
      KernelArgument gradMaxima = chain.temporary(between, wide);
      add(
          s3.maximum(),
          input,
          type,
          false,
          Map.of(Role.INPUT, x, Role.OUTPUT, maxima, Role.INDICES, indices));
      KernelArgument gradOutput = g;
      KernelArgument gradInput = dx;
      if (wide != type) {
        gradOutput = chain.temporary(problem.output(), wide);
        gradInput = chain.temporary(input, wide);
        convert("widen", g, gradOutput, problem.output(), false);
      }
      add(
          s3.average(),
          between,
          wide,
          false,
          Map.of(Role.GRAD_OUTPUT, gradOutput, Role.GRAD_INPUT, gradMaxima));
      add(
          s3.maximum(),
          input,
          wide,
          problem.accumulate() && wide == type,
          Map.of(Role.GRAD_OUTPUT, gradMaxima, Role.INDICES, indices, Role.GRAD_INPUT, gradInput));
      if (wide != type) {
        convert("gradient", gradInput, dx, input, problem.accumulate());
      }
    }

    private void add(
        Pool pool,
        Shape input,
        DataType type,
        boolean accumulate,
        Map<Role, KernelArgument> buffers) {
      chain.add(pool, input, problem.layout(), type, accumulate, buffers);
    }

    private void convert(
        String what, KernelArgument from, KernelArgument to, Shape shape, boolean accumulate) {
      Macros macros = Macros.ofElements(problem).flag("ACCUMULATE", accumulate);
      long count = shape.elements();
      chain.add(
          Launch.perElement(
              "convert.cl",
              macros,
              "convert_" + what,
              List.of(from, to, new KernelArgument.Long(count)),
              count,
              device));
    }
  }
}
