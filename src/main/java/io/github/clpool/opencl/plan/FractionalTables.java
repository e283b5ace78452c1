package io.github.clpool.opencl.plan;

import io.github.clpool.op.Problem;
import java.util.ArrayList;
import java.util.List;

/**
 * Lists the places of fractional regions on the device, for kernels that read tables and work on
 * more than one plane. Stateless.
 */
public final class FractionalTables {
  private static final String WORD = "fractional_tables";

  private FractionalTables() {}

  /** A launch that reads such tables from a plan's first temporary, behind one that lists them. */
  public static LaunchPlan before(Launch launch, PoolCall call) {
    Problem problem = call.problem();
    AxisArguments axes = new AxisArguments(call, problem.direction());
    int pitch = axes.tablesOfPlane();
    long planes = problem.input().planeCount();
    List<KernelArgument> given = axes.all();
    List<KernelArgument> arguments = new ArrayList<>();
    arguments.add(given.get(3));
    arguments.add(new KernelArgument.Temporary(0));
    arguments.addAll(given.subList(0, 3));
    arguments.add(new KernelArgument.Int(pitch));
    arguments.add(new KernelArgument.Int((int) planes));
    Launch list =
        new Launch(
            WORD + ".cl",
            Macros.ofElements(problem).values(),
            WORD + "_list",
            arguments,
            List.of(planes),
            List.of(1L));
    return new LaunchPlan(List.of(list, launch), List.of(planes * pitch * Integer.BYTES));
  }
}
