package io.github.clpool.opencl;

import io.github.clpool.op.Problem;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/** Launches with a work-item per cell, as {@code lib/planes.clh} finds them; both layouts. */
final class CellLaunch {
  private static final int WORK_GROUP = 64;

  private CellLaunch() {}

  /**
   * Plans a launch of a family's kernel.
   *
   * @param word the kernel's word, which is its file too
   * @param macros the macros
   * @param problem the problem
   * @param cells the number of cells of a plane that get a work-item
   * @param device the device
   */
  static LaunchPlan of(
      String word,
      SortedMap<String, String> macros,
      Problem problem,
      long cells,
      DeviceProfile device) {
    PoolFamily family = PoolFamily.of(problem);
    Shape input = problem.input();
    boolean channelsLast = problem.layout() == Layout.NHWC;
    List<KernelArgument> arguments = new ArrayList<>(family.buffers(problem));
    arguments.addAll(AxisArguments.of(PoolFamily.geometry(problem), problem.direction()));
    arguments.add(new KernelArgument.Int((int) input.c()));
    arguments.add(new KernelArgument.Int((int) (channelsLast ? input.n() : input.planeCount())));
    arguments.addAll(family.tail());
    List<Long> global =
        channelsLast ? List.of(input.c(), cells, input.n()) : List.of(cells, input.planeCount());
    return LaunchPlan.of(
        new Launch(
            word + ".cl",
            macros,
            family.kernel(word, problem),
            arguments,
            global,
            local(global, device)));
  }

  /** A work-group of neighbours along dimension 0, filled up along dimension 1. */
  private static List<Long> local(List<Long> global, DeviceProfile device) {
    long size = Math.min(WORK_GROUP, device.maxWorkGroup());
    long first = 1;
    while (first < size && first < global.get(0)) {
      first *= 2;
    }
    long second = 1;
    while (first * second * 2 <= size && second < global.get(1)) {
      second *= 2;
    }
    return global.size() == 3 ? List.of(first, second, 1L) : List.of(first, second);
  }
}
