package io.github.clpool.opencl.unpool;

import io.github.clpool.op.Problem;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.Grid;
import io.github.clpool.opencl.plan.KernelArgument;
import io.github.clpool.opencl.plan.Launch;
import io.github.clpool.opencl.plan.Macros;
import io.github.clpool.opencl.plan.PositionFault;
import io.github.clpool.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Launches of unpooling with a work-item per cell, both layouts. Immutable.
 *
 * @param problem the problem
 * @param device the device
 * @param word the word of the kernels' file, with which their functions begin
 */
record UnpoolLaunches(Problem problem, DeviceProfile device, String word) {
  static Macros macros(Problem problem) {
    return Macros.ofElements(problem).flag("ACCUMULATE", problem.accumulate());
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
    Grid grid = Grid.of(items, problem.layout());
    List<KernelArgument> arguments = new ArrayList<>(buffers);
    arguments.add(new KernelArgument.Int(problem.input().planeSize()));
    arguments.add(new KernelArgument.Int(problem.output().planeSize()));
    arguments.add(grid.argument());
    arguments.addAll(tail);
    return new Launch(
        word + ".cl",
        Macros.of(problem).grid(grid).values(),
        word + "_" + suffix,
        arguments,
        grid.global(),
        grid.local(device));
  }
}
