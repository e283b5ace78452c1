package io.github.clpool.opencl.plan;

import io.github.clpool.exact.Sums;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * Plans the gradient of a parameter, of which there is one, or one for each channel: the sum of
 * what each output gives to it. Stateless.
 */
public final class ParameterGradient {
  private static final String FILE = "parameter_gradient.cl";
  private static final long WORK_GROUP = 16;

  private ParameterGradient() {}

  /**
   * Adds launches to a plan.
   *
   * @param plan a plan that computes the terms
   * @param terms its temporary of a term for each output, in the order of the output's tensor
   * @param problem the problem, with a gradient in role {@link Role#GRAD_WEIGHTS}
   */
  public static LaunchPlan append(LaunchPlan plan, KernelArgument.Temporary terms, PoolCall call) {
    if (call.reduction().macros().containsValue("MIX_GATED")) {
      return appendGate(plan, terms, call);
    }
    Problem problem = call.problem();
    Shape output = problem.output();
    Grid grid = Grid.of(problem, output.w());
    List<KernelArgument> arguments = new ArrayList<>();
    arguments.add(terms);
    arguments.add(new KernelArgument.Temporary(plan.temporaries().size()));
    arguments.add(new KernelArgument.Int(output.d()));
    arguments.add(new KernelArgument.Int(output.h()));
    arguments.add(new KernelArgument.Int(output.w()));
    arguments.add(grid.argument());
    long width = output.w();
    Launch columns =
        new Launch(
            FILE,
            macros(problem, Math.max(output.d(), output.h()), grid),
            "parameter_gradient_columns",
            arguments,
            grid.global(),
            grid.local(call.device()));
    long bytes = call.numberBytes();
    List<Launch> launches = new ArrayList<>(plan.launches());
    launches.add(columns);
    List<Long> temporaries = new ArrayList<>(plan.temporaries());
    temporaries.add(output.planeCount() * width * bytes);
    return appendSums(new LaunchPlan(launches, temporaries), 1, output.w(), problem);
  }

  /**
   * Adds launches that sum over the rest: columns, batch and, where channels share them, channels.
   *
   * @param plan a plan whose last temporary holds sums by plane, parameter and column
   * @param parameters the number of parameters of a channel
   * @param columns the number of columns of a plane
   * @param problem the problem
   */
  private static LaunchPlan appendSums(
      LaunchPlan plan, int parameters, int columns, Problem problem) {
    Shape input = problem.input();
    int channels = (int) input.c();
    int elements = (int) problem.arguments().get(Role.GRAD_WEIGHTS).elements();
    int last = plan.temporaries().size() - 1;
    KernelArgument.Temporary sums = new KernelArgument.Temporary(last + 1);
    SortedMap<String, String> macros =
        macros(problem, Math.max(Math.max(columns, input.n()), input.c()));
    Launch overBatch =
        new Launch(
            FILE,
            macros,
            "parameter_gradient_channels",
            List.of(
                new KernelArgument.Temporary(last),
                sums,
                new KernelArgument.Int((int) input.n()),
                new KernelArgument.Int(channels),
                new KernelArgument.Int(parameters),
                new KernelArgument.Int(columns)),
            List.of((long) parameters, (long) channels),
            List.of(1L, WORK_GROUP));
    Launch store =
        new Launch(
            FILE,
            macros,
            "parameter_gradient_store",
            List.of(
                sums,
                new KernelArgument.Buffer(Role.GRAD_WEIGHTS),
                new KernelArgument.Int(elements),
                new KernelArgument.Int(channels),
                new KernelArgument.Int(parameters)),
            List.of((long) elements),
            List.of(WORK_GROUP));
    List<Launch> launches = new ArrayList<>(plan.launches());
    launches.addAll(List.of(overBatch, store));
    List<Long> temporaries = new ArrayList<>(plan.temporaries());
    temporaries.add((long) channels * parameters * problem.type().computingType().bytes());
    return new LaunchPlan(launches, temporaries);
  }

  /** The term of a tap is that of the output times the cell at the tap. */
  private static LaunchPlan appendGate(
      LaunchPlan plan, KernelArgument.Temporary terms, PoolCall call) {
    Problem problem = call.problem();
    int taps = call.weightsOfChannel();
    int columns = problem.output().w();
    Grid grid = Grid.of(problem, (long) taps * columns);
    List<KernelArgument> arguments = new ArrayList<>();
    arguments.add(new KernelArgument.Buffer(Role.INPUT));
    arguments.add(terms);
    arguments.add(new KernelArgument.Temporary(plan.temporaries().size()));
    arguments.addAll(new AxisArguments(call, Direction.FORWARD).all().subList(0, 3));
    arguments.add(grid.argument());
    List<Launch> launches = new ArrayList<>(plan.launches());
    launches.add(
        new Launch(
            "gate_gradient.cl",
            macros(problem, Math.max(problem.output().d(), problem.output().h()), grid),
            "gate_gradient",
            arguments,
            grid.global(),
            grid.local(call.device())));
    List<Long> temporaries = new ArrayList<>(plan.temporaries());
    temporaries.add(problem.input().planeCount() * taps * columns * call.numberBytes());
    return appendSums(new LaunchPlan(launches, temporaries), taps, columns, problem);
  }

  private static SortedMap<String, String> macros(Problem problem, long mostTerms) {
    return macros(problem, mostTerms, new Grid(1, 1, 1, false));
  }

  private static SortedMap<String, String> macros(Problem problem, long mostTerms, Grid grid) {
    Macros macros = Macros.of(problem).flag("LARGE", grid.isLarge());
    if (mostTerms <= Sums.BLOCK) {
      macros.put("LONG_SUMS", 0);
    }
    return macros.values();
  }
}
