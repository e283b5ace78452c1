package io.github.clpool.opencl.plan;

import io.github.clpool.exact.Sums;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.op.WindowAxis;
import io.github.clpool.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.LongStream;

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
   * @param call the call, with a gradient in role {@link Role#GRAD_WEIGHTS}
   */
  public static LaunchPlan append(LaunchPlan plan, KernelArgument.Temporary terms, PoolCall call) {
    boolean gated = call.reduction().isGated();
    int parameters = gated ? call.weightsOfChannel() : 1;
    Grid grid = Grid.of(call.problem(), (long) parameters * call.problem().output().w());
    KernelArgument columns = new KernelArgument.Temporary(plan.temporaries().size());
    Launch first = gated ? gate(call, terms, columns, grid) : columns(call, terms, columns, grid);
    long planes = call.problem().input().planeCount();
    return appendSums(
        plan.then(first, planes * grid.cells() * call.numberBytes()), parameters, call);
  }

  /** Sums the terms of each column of each plane. */
  private static Launch columns(
      PoolCall call, KernelArgument terms, KernelArgument columns, Grid grid) {
    Shape output = call.problem().output();
    return new Launch(
        FILE,
        macros(call, output.d(), output.h()).grid(grid).values(),
        "parameter_gradient_columns",
        List.of(
            terms,
            columns,
            new KernelArgument.Int(output.d()),
            new KernelArgument.Int(output.h()),
            new KernelArgument.Int(output.w()),
            grid.argument()),
        grid.global(),
        grid.local(call.device()));
  }

  /** The same of each tap: its term is that of the output times the cell at the tap. */
  private static Launch gate(
      PoolCall call, KernelArgument terms, KernelArgument columns, Grid grid) {
    Shape output = call.problem().output();
    List<KernelArgument> arguments = new ArrayList<>();
    arguments.add(new KernelArgument.Buffer(Role.INPUT));
    arguments.add(terms);
    arguments.add(columns);
    arguments.addAll(new AxisArguments(call, Direction.FORWARD).all().subList(0, 3));
    WindowAxis h = (WindowAxis) call.geometry().h(); // gates are of windows only
    WindowAxis w = (WindowAxis) call.geometry().w();
    arguments.add(Grid.divisors(h.kernel(), w.kernel()));
    arguments.add(grid.argument());
    return new Launch(
        "gate_gradient.cl",
        macros(call, output.d(), output.h()).grid(grid).remove("ACCUMULATE").values(),
        "gate_gradient",
        arguments,
        grid.global(),
        grid.local(call.device()));
  }

  /**
   * Adds launches that sum over the rest: columns, batch and, where channels share them, channels.
   *
   * @param plan a plan whose last temporary holds sums by plane, parameter and column
   * @param parameters the number of parameters of a channel
   * @param call the call
   */
  private static LaunchPlan appendSums(LaunchPlan plan, int parameters, PoolCall call) {
    Problem problem = call.problem();
    Shape input = problem.input();
    int channels = (int) input.c();
    int width = problem.output().w();
    int elements = (int) problem.arguments().get(Role.GRAD_WEIGHTS).elements();
    int last = plan.temporaries().size() - 1;
    KernelArgument sums = new KernelArgument.Temporary(last + 1);
    SortedMap<String, String> macros = macros(call, width, input.n(), channels).values();
    long all = (long) channels * parameters;
    Launch overBatch =
        new Launch(
            FILE,
            macros,
            "parameter_gradient_channels",
            List.of(
                new KernelArgument.Temporary(last),
                sums,
                new KernelArgument.Int((int) input.n()),
                new KernelArgument.Int((int) all),
                new KernelArgument.Int(width)),
            List.of(all),
            List.of(WORK_GROUP));
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
    return plan.then(overBatch, all * call.numberBytes()).then(store);
  }

  /** The macros of sums with so many terms. */
  private static Macros macros(PoolCall call, long... terms) {
    boolean areShort = LongStream.of(terms).allMatch(count -> count <= Sums.BLOCK);
    return Macros.of(call.problem()).shortSums(areShort);
  }
}
