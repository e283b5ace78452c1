package io.github.clpool.opencl;

import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * One work-group per output: for the whole plane and other large regions, where a single work-item
 * would work alone for long. For devices that run many work-items side by side.
 */
final class ReduceImplementation implements OpenClImplementation {
  /** From this many cells on, oneDNN too prefers its reduction to its pooling. */
  private static final long LARGE = 128;

  private static final int WORK_GROUP = 128;
  private static final int LEAST_WORK_GROUP = 16;

  @Override
  public String name() {
    return "reduce";
  }

  @Override
  public boolean placesPerPlane() {
    return true;
  }

  @Override
  public Verdict accepts(Problem problem, DeviceProfile device) {
    if (problem.direction() != Direction.FORWARD) {
      return refuse("gradients have no regions to reduce");
    }
    if (problem.layout() != Layout.NCHW) {
      return refuse("channels last is faster with a work-item per channel");
    }
    Geometry geometry = PoolFamily.geometry(problem);
    long taps = 1;
    for (int i = 0; i < 3; i++) {
      taps *= geometry.axis(i).maxTaps();
    }
    if (taps < LARGE) {
      return refuse("regions have at most " + taps + " cells, fewer than " + LARGE);
    }
    return accept("regions have up to " + taps + " cells");
  }

  /** A built kernel may take fewer work-items than the device. */
  @Override
  public long iterations(Problem problem, DeviceProfile device) {
    Geometry geometry = PoolFamily.geometry(problem);
    long items = Math.min(LEAST_WORK_GROUP, device.maxWorkGroup());
    long columns = geometry.w().maxTaps();
    long share = columns / items + 1;
    return PoolFamily.of(problem).sums()
        ? Loops.nest(share, Loops.nest(geometry.d().maxTaps(), geometry.h().maxTaps()) + WORK_GROUP)
        : Loops.nest(Loops.positions(problem) / items + 1) + WORK_GROUP;
  }

  @Override
  public LaunchPlan plan(Problem problem, DeviceProfile device) {
    PoolFamily family = PoolFamily.of(problem);
    Geometry geometry = PoolFamily.geometry(problem);
    SortedMap<String, String> macros = family.macros(problem, device);
    if (family.sums() && PoolFamily.hasShortSums(problem)) {
      macros.put("LONG_SUMS", "0");
    }
    int items = (int) Long.highestOneBit(Math.min(WORK_GROUP, device.maxWorkGroup()));
    int bytes = problem.type() == DataType.FLOAT64 ? 8 : 4;
    List<KernelArgument> arguments = new ArrayList<>(family.buffers(problem));
    arguments.addAll(AxisArguments.of(problem, problem.direction()));
    arguments.addAll(family.tail(problem));
    arguments.add(new KernelArgument.Local(items * bytes));
    if (!family.sums()) {
      arguments.add(new KernelArgument.Local(items * 4));
    }
    String word = family.word() + "_reduce";
    long outputs = problem.arguments().get(Role.OUTPUT).planeSize();
    return LaunchPlan.of(
        new Launch(
            word + ".cl",
            macros,
            family.kernel(word, problem),
            arguments,
            List.of(outputs * items, problem.input().planeCount()),
            List.of((long) items, 1L)));
  }
}
