package io.github.clpool.opencl;

import io.github.clpool.op.Fractional;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Lists the places of fractional regions on the device, for kernels that read tables and work on
 * more than one plane. Stateless.
 */
final class FractionalTables {
  private static final String WORD = "fractional_tables";

  private FractionalTables() {}

  static boolean has(Problem problem) {
    return ((Pool) problem.operator()).regions() instanceof Fractional;
  }

  /** A launch that reads such tables from a plan's first temporary, behind one that lists them. */
  static LaunchPlan before(Launch launch, Problem problem, DeviceProfile device) {
    int pitch = AxisArguments.tablesOfPlane(PoolFamily.geometry(problem));
    long planes = problem.input().planeCount();
    List<KernelArgument> given = AxisArguments.of(problem, problem.direction());
    List<KernelArgument> arguments = new ArrayList<>();
    arguments.add(given.get(3));
    arguments.add(new KernelArgument.Temporary(0));
    arguments.addAll(given.subList(0, 3));
    arguments.add(new KernelArgument.Int(pitch));
    arguments.add(new KernelArgument.Int((int) planes));
    TreeMap<String, String> macros = new TreeMap<>();
    macros.put("TYPE", problem.type().name());
    List<Long> global = List.of(1L, planes);
    Launch list =
        new Launch(
            WORD + ".cl",
            macros,
            WORD + "_list",
            arguments,
            global,
            CellLaunch.local(global, device));
    return new LaunchPlan(List.of(list, launch), List.of(planes * pitch * Integer.BYTES));
  }
}
