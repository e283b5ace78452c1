package io.github.clpool.opencl.gpu;

import io.github.clpool.backend.Chooser;
import io.github.clpool.backend.Preference;
import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.op.S3Pool;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.KernelArgument;
import io.github.clpool.opencl.plan.Launch;
import io.github.clpool.opencl.plan.LaunchPlan;
import io.github.clpool.opencl.plan.Macros;
import io.github.clpool.opencl.plan.OpenClImplementation;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Shape;
import java.util.ArrayList;
import java.util.EnumMap;
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
    Chain chain = new Chain(problem, device);
    if (problem.direction() == Direction.FORWARD) {
      chain.forward();
    } else {
      chain.backward();
    }
    return new LaunchPlan(chain.launches, chain.temporaries);
  }

  /** Launches that share temporaries. */
  private final class Chain {
    final List<Launch> launches = new ArrayList<>();
    final List<Long> temporaries = new ArrayList<>();
    private final Problem problem;
    private final DeviceProfile device;
    private final S3Pool s3;
    private final Shape between;

    Chain(Problem problem, DeviceProfile device) {
      this.problem = problem;
      this.device = device;
      this.s3 = (S3Pool) problem.operator();
      this.between = s3.maximum().outputShape(problem.input());
    }

    void forward() {
      KernelArgument x = new KernelArgument.Buffer(Role.INPUT);
      KernelArgument y = new KernelArgument.Buffer(Role.OUTPUT);
      KernelArgument maxima = temporary(between, problem.type());
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
      KernelArgument maxima = temporary(between, type);
      KernelArgument indices = temporary(between, DataType.INT32);
      KernelArgument gradMaxima = temporary(between, wide);
      add(
          s3.maximum(),
          input,
          type,
          false,
          Map.of(Role.INPUT, x, Role.OUTPUT, maxima, Role.INDICES, indices));
      KernelArgument gradOutput = g;
      KernelArgument gradInput = dx;
      if (wide != type) {
        gradOutput = temporary(problem.output(), wide);
        gradInput = temporary(input, wide);
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

    private KernelArgument temporary(Shape shape, DataType type) {
      temporaries.add(shape.elements() * type.bytes());
      return new KernelArgument.Temporary(temporaries.size() - 1);
    }

    /** Adds the launches of a pooling whose tensors are these buffers. */
    private void add(
        Pool pool,
        Shape input,
        DataType type,
        boolean accumulate,
        Map<Role, KernelArgument> buffers) {
      Map<Role, Shape> shapes = new EnumMap<>(Role.class);
      buffers.keySet().forEach(role -> shapes.put(role, pool.shapeOf(role, input)));
      Direction direction =
          buffers.containsKey(Role.GRAD_OUTPUT) ? Direction.BACKWARD : Direction.FORWARD;
      Problem part =
          new Problem(pool, direction, input, problem.layout(), type, shapes, accumulate);
      LaunchPlan plan =
          new Chooser<>(device, poolings.apply(part, device.kind()))
              .choose(part, Preference.NONE)
              .plan(part, device);
      int first = temporaries.size();
      temporaries.addAll(plan.temporaries());
      for (Launch launch : plan.launches()) {
        launches.add(launch.with(argument -> inChain(argument, buffers, first)));
      }
    }

    private static KernelArgument inChain(
        KernelArgument argument, Map<Role, KernelArgument> buffers, int first) {
      if (argument instanceof KernelArgument.Buffer buffer) {
        return buffers.get(buffer.role());
      } else if (argument instanceof KernelArgument.Temporary temporary) {
        return new KernelArgument.Temporary(first + temporary.index());
      }
      return argument;
    }

    private void convert(
        String what, KernelArgument from, KernelArgument to, Shape shape, boolean accumulate) {
      Macros macros = Macros.ofElements(problem).flag("ACCUMULATE", accumulate);
      long count = shape.elements();
      launches.add(
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
