package io.github.clpool.opencl;

import io.github.clpool.op.Problem;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Launches of unpooling with a work-item per cell, both layouts. Immutable.
 *
 * @param problem the problem
 * @param device the device
 * @param word the word of the kernels' file, with which their functions begin
 */
record UnpoolLaunches(Problem problem, DeviceProfile device, String word) {
  static SortedMap<String, String> macros(Problem problem) {
    SortedMap<String, String> macros = new TreeMap<>();
    macros.put("TYPE", problem.type().name());
    PoolFamily.flag(macros, "ACCUMULATE", problem.accumulate());
    return macros;
  }

  static KernelArgument fault(Problem problem) {
    return new KernelArgument.Fault(new PositionFault(problem.output()));
  }

  Launch perOutput(String suffix, List<KernelArgument> buffers) {
    return launch(suffix, problem.output(), buffers, List.of());
  }

  Launch perInput(String suffix, List<KernelArgument> buffers) {
    return launch(suffix, problem.input(), buffers, List.of());
  }

  /** With a fault at the end of the arguments. */
  Launch checking(String suffix, List<KernelArgument> buffers) {
    return launch(suffix, problem.input(), buffers, List.of(fault(problem)));
  }

  private Launch launch(
      String suffix, Shape items, List<KernelArgument> buffers, List<KernelArgument> tail) {
    boolean channelsLast = problem.layout() == Layout.NHWC;
    Shape input = problem.input();
    SortedMap<String, String> macros = macros(problem);
    PoolFamily.flag(macros, "CHANNELS_LAST", channelsLast);
    List<KernelArgument> arguments = new ArrayList<>(buffers);
    arguments.add(new KernelArgument.Int(input.planeSize()));
    arguments.add(new KernelArgument.Int(problem.output().planeSize()));
    arguments.add(new KernelArgument.Int((int) input.c()));
    arguments.add(new KernelArgument.Int((int) (channelsLast ? input.n() : input.planeCount())));
    arguments.addAll(tail);
    List<Long> global = CellLaunch.global(problem, items.planeSize());
    return new Launch(
        word + ".cl",
        macros,
        word + "_" + suffix,
        arguments,
        global,
        CellLaunch.local(global, device));
  }
}
