package io.github.clpool.opencl;

import io.github.clpool.op.Direction;
import io.github.clpool.op.Problem;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/** Launches with a work-item per cell, as {@code lib/planes.clh} finds them; both layouts. */
final class CellLaunch {
  private static final long SIDE = 8;
  private static final long WORK_GROUP = SIDE * SIDE;

  private CellLaunch() {}

  /**
   * Plans a launch of a family's kernel.
   *
   * @param word the word of the kernel's file, with which its function begins
   * @param macros the macros
   * @param kernel the kernel
   * @param problem the problem
   * @param device the device
   */
  static Launch of(
      String word,
      SortedMap<String, String> macros,
      CellKernel kernel,
      Problem problem,
      DeviceProfile device) {
    long cells = (kernel.perOutput() ? problem.output() : problem.input()).planeSize();
    return of(word, macros, kernel, cells, problem, device);
  }

  /** The same with any number of work-items for each plane. */
  static Launch of(
      String word,
      SortedMap<String, String> macros,
      CellKernel kernel,
      long cells,
      Problem problem,
      DeviceProfile device) {
    Shape input = problem.input();
    boolean channelsLast = problem.layout() == Layout.NHWC;
    Direction reach = kernel.perOutput() ? Direction.FORWARD : Direction.BACKWARD;
    List<KernelArgument> arguments = new ArrayList<>(kernel.buffers());
    arguments.addAll(AxisArguments.of(problem, reach));
    arguments.add(new KernelArgument.Int((int) input.c()));
    arguments.add(new KernelArgument.Int((int) (channelsLast ? input.n() : input.planeCount())));
    arguments.addAll(PoolFamily.of(problem).tail(problem));
    List<Long> global = global(problem, cells);
    return new Launch(
        word + ".cl",
        macros,
        word + "_" + kernel.suffix(),
        arguments,
        global,
        local(global, device));
  }

  /** The work-items of planes of some number of cells. */
  static List<Long> global(Problem problem, long cells) {
    Shape input = problem.input();
    return problem.layout() == Layout.NHWC
        ? List.of(input.c(), cells, input.n())
        : List.of(cells, input.planeCount());
  }

  /**
   * A work-group of neighbours along dimension 0, or a square. Few shapes, since some drivers
   * compile a kernel for each: work-items beyond the last cell cost less.
   */
  static List<Long> local(List<Long> global, DeviceProfile device) {
    long size = Math.min(WORK_GROUP, device.maxWorkGroup());
    long wished = global.get(0) > SIDE * SIDE / 2 ? size : global.get(0) > SIDE / 2 ? SIDE : 1;
    long first = Math.min(wished, size);
    return global.size() == 3 ? List.of(first, size / first, 1L) : List.of(first, size / first);
  }
}
