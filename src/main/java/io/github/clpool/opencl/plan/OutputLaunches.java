package io.github.clpool.opencl.plan;

import io.github.clpool.op.Direction;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import java.util.ArrayList;
import java.util.List;

/** Launches of the skeletons that compute outputs ({@code lib/outputs.clh}). */
public final class OutputLaunches {
  /** What each output gives to gradients. */
  public static final KernelArgument.Temporary GIVEN = new KernelArgument.Temporary(0);

  /** What each output gives to the gradient of a parameter. */
  private static final KernelArgument.Temporary TERMS = new KernelArgument.Temporary(1);

  private OutputLaunches() {}

  /**
   * How a skeleton is run.
   *
   * @param macros the macros, but for those of the buffers
   * @param grid the grid
   * @param last the skeleton's own argument, or null
   * @param global the global size
   * @param local the work-group
   */
  public record Range(
      Macros macros, Grid grid, KernelArgument last, List<Long> global, List<Long> local) {}

  /** Which buffers there are besides x. */
  static Macros roles(Macros macros, PoolCall call) {
    Problem problem = call.problem();
    return macros
        .put(Launch.REDUCTION, call.reduction().file())
        .put("HAS_X", problem.has(Role.INPUT) ? 1 : 0)
        .flag("LOGITS", problem.has(Role.LOGITS))
        .flag("WEIGHTS", problem.has(Role.WEIGHTS));
  }

  /** The macros of kernels that gather what outputs give to cells, or to those they selected. */
  public static Macros gatherMacros(PoolCall call, Grid grid) {
    Problem problem = call.problem();
    Macros macros =
        call.isSelectionGradient()
            ? Macros.of(problem)
                .fractional(call)
                .flag("MAGNITUDES", call.reduction().takesMagnitudes())
            : roles(call.macros(), call)
                .put("GRAD_INPUT", problem.has(Role.GRAD_INPUT) ? 1 : 0)
                .flag("GRAD_LOGITS", problem.has(Role.GRAD_LOGITS));
    return macros.grid(grid);
  }

  /** Their arguments. */
  public static List<KernelArgument> gatherArguments(PoolCall call, Grid grid) {
    return gatherArguments(call, grid, false);
  }

  /** The same, or those of kernels that compute at once what outputs give. */
  public static List<KernelArgument> gatherArguments(PoolCall call, Grid grid, boolean atOnce) {
    boolean selects = call.isSelectionGradient();
    List<KernelArgument> arguments = new ArrayList<>();
    if (selects) {
      arguments.addAll(call.buffers());
    } else {
      arguments.addAll(call.present(List.of(Role.INPUT, Role.LOGITS, Role.WEIGHTS)));
      arguments.add(atOnce ? new KernelArgument.Buffer(Role.GRAD_OUTPUT) : GIVEN);
      arguments.addAll(call.gradients());
    }
    arguments.addAll(new AxisArguments(call, Direction.BACKWARD).all());
    arguments.add(grid.argument());
    if (!selects) {
      arguments.add(new KernelArgument.Int(call.ownWeights()));
    }
    if (atOnce) {
      arguments.add(new KernelArgument.Int(call.fixedDivisor()));
    }
    return arguments;
  }

  public static Launch forward(PoolCall call, String skeleton, Range range) {
    Macros macros =
        roles(range.macros(), call)
            .flag("INDICES", call.problem().has(Role.INDICES))
            .flag("CHOICE", call.problem().has(Role.CHOICE))
            .flag("DRAWS", call.drawsCells());
    return launch(call, skeleton, range, macros, call.buffers());
  }

  /** What outputs give, then what gathers it, then the sums of parameters' gradients. */
  public static LaunchPlan gradient(PoolCall call, String skeleton, Range range, Launch gather) {
    Problem problem = call.problem();
    boolean terms = problem.has(Role.GRAD_WEIGHTS);
    List<KernelArgument> buffers = new ArrayList<>(call.sources());
    buffers.add(GIVEN);
    List<Long> temporaries = new ArrayList<>();
    long outputs = problem.input().planeCount() * problem.output().planeSize();
    temporaries.add(outputs * call.reduction().given() * call.numberBytes());
    if (terms) {
      buffers.add(TERMS);
      temporaries.add(outputs * call.numberBytes());
    }
    Macros macros =
        roles(range.macros(), call)
            .put("GIVES", 1)
            .flag("TERMS", terms)
            .flag("CHOICE", problem.has(Role.CHOICE))
            .remove("ACCUMULATE"); // what gathers adds
    Launch give = launch(call, skeleton, range, macros, buffers);
    LaunchPlan plan = new LaunchPlan(List.of(give), temporaries);
    if (problem.has(Role.GRAD_INPUT) || problem.has(Role.GRAD_LOGITS)) {
      plan = plan.then(gather);
    }
    return terms ? ParameterGradient.append(plan, TERMS, call) : plan;
  }

  private static Launch launch(
      PoolCall call, String skeleton, Range range, Macros macros, List<KernelArgument> buffers) {
    List<KernelArgument> arguments = new ArrayList<>(buffers);
    arguments.addAll(new AxisArguments(call, Direction.FORWARD).all());
    arguments.add(range.grid().argument());
    arguments.add(new KernelArgument.Int(call.ownWeights()));
    arguments.add(new KernelArgument.Int(call.fixedDivisor()));
    if (range.last() != null) {
      arguments.add(range.last());
    }
    return new Launch(
        skeleton + ".cl", macros.values(), skeleton, arguments, range.global(), range.local());
  }
}
