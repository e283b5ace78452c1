package io.github.clpool.opencl;

import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Problem;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * One work-item per output, for gradients one per input cell; takes everything. In layout NHWC
 * neighbouring work-items take neighbouring channels.
 */
final class DirectImplementation implements OpenClImplementation {
  private static final int WORK_GROUP = 64;

  @Override
  public String name() {
    return "direct";
  }

  @Override
  public Verdict accepts(Problem problem, DeviceProfile device) {
    return accept("takes everything");
  }

  @Override
  public LaunchPlan plan(Problem problem, DeviceProfile device) {
    PoolFamily family = PoolFamily.of(problem);
    Geometry geometry = PoolFamily.geometry(problem);
    boolean forward = problem.direction() == Direction.FORWARD;
    SortedMap<String, String> macros = family.macros(problem, device);
    if (family.sums() && PoolFamily.hasShortSums(problem)) {
      macros.put("LONG_SUMS", "0");
    }
    Shape input = problem.input();
    boolean channelsLast = problem.layout() == Layout.NHWC;
    List<KernelArgument> arguments = new ArrayList<>(family.buffers(problem));
    arguments.addAll(AxisArguments.of(geometry, problem.direction()));
    arguments.add(new KernelArgument.Int((int) input.c()));
    arguments.add(new KernelArgument.Int((int) (channelsLast ? input.n() : input.planeCount())));
    arguments.addAll(family.tail());
    long cells = (forward ? geometry.outputShape(input) : input).planeSize();
    List<Long> global =
        channelsLast ? List.of(input.c(), cells, input.n()) : List.of(cells, input.planeCount());
    return LaunchPlan.of(
        new Launch(
            family.word() + ".cl",
            macros,
            family.kernel(family.word(), problem),
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
