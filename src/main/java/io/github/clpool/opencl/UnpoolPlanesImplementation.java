package io.github.clpool.opencl;

import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Direction;
import io.github.clpool.op.MaxUnpool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.Layout;
import java.util.ArrayList;
import java.util.List;

/** Unpooling on a CPU: a work-item owns whole planes, so that nothing needs to be claimed. */
final class UnpoolPlanesImplementation implements OpenClImplementation {
  /** Work-items per compute unit, so that one that is held up leaves work for the others. */
  private static final int ITEMS_PER_UNIT = 16;

  /** How far ahead, in elements, inputs and gradients are prefetched. */
  private static final int FORWARD_PREFETCH = 2048;

  private static final int PREFETCH = 4096;

  /** Cells under way: a few cache lines at least, and no more than the second-level cache holds. */
  private static final int LEAST_WINDOW = 1 << 10;

  private static final int MOST_WINDOW = 64 << 10;

  /** The inputs that the kernel stores together. */
  private static final int CHUNK = 256;

  @Override
  public String name() {
    return "planes";
  }

  @Override
  public Verdict accepts(Problem problem, DeviceProfile device) {
    if (problem.layout() != Layout.NCHW) {
      return refuse("the layout is " + problem.layout());
    }
    return accept("each plane has an owner");
  }

  @Override
  public boolean ownsRows() {
    return true;
  }

  private static long planesPerItem(Problem problem, DeviceProfile device) {
    long items = (long) device.computeUnits() * ITEMS_PER_UNIT;
    return Math.max(1, (problem.input().planeCount() + items - 1) / items);
  }

  @Override
  public LaunchPlan plan(Problem problem, DeviceProfile device) {
    boolean forward = problem.direction() == Direction.FORWARD;
    boolean distinct = ((MaxUnpool) problem.operator()).distinctPositions();
    boolean decides = !forward && !distinct;
    long planes = problem.input().planeCount();
    long planesPerItem = planesPerItem(problem, device);
    long items = (planes + planesPerItem - 1) / planesPerItem;
    Macros macros = UnpoolLaunches.macros(problem);
    macros.flag("DISTINCT", distinct && !forward);
    boolean streams = forward && isStreamed(problem, device);
    long window = 2 * Long.highestOneBit(cellsUnderWay(problem) - 1);
    if (streams) {
      macros.put("WINDOW", Long.toString(window));
    }
    if (device.isPocl()) {
      macros.put("PREFETCH", Integer.toString(forward ? FORWARD_PREFETCH : PREFETCH));
    }
    List<KernelArgument> arguments = new ArrayList<>();
    arguments.add(new KernelArgument.Buffer(forward ? Role.INPUT : Role.GRAD_OUTPUT));
    arguments.add(new KernelArgument.Buffer(Role.POSITIONS));
    if (decides || streams) {
      arguments.add(new KernelArgument.Temporary(0));
    }
    arguments.add(new KernelArgument.Buffer(forward ? Role.OUTPUT : Role.GRAD_INPUT));
    arguments.add(new KernelArgument.Int(problem.input().planeSize()));
    arguments.add(new KernelArgument.Int(problem.output().planeSize()));
    arguments.add(new KernelArgument.Long(planes));
    arguments.add(new KernelArgument.Int((int) planesPerItem));
    if (forward) {
      UnpoolBlocks.of(problem).ifPresent(blocks -> blocks.add(streams, macros, arguments));
    }
    arguments.add(UnpoolLaunches.fault(problem));
    Launch launch =
        new Launch(
            "max_unpool_planes.cl",
            macros.values(),
            "max_unpool_planes_" + (forward ? "forward" : "backward"),
            arguments,
            List.of(items),
            List.of(1L));
    long scratch =
        decides
            ? items * problem.output().planeSize() * Integer.BYTES
            : items * window * problem.type().bytes();
    return new LaunchPlan(List.of(launch), decides || streams ? List.of(scratch) : List.of());
  }

  /**
   * Whether the output is too large for the caches, and its cells are met in an order near enough
   * to theirs for a part of them to be under way at a time.
   */
  private static boolean isStreamed(Problem problem, DeviceProfile device) {
    return device.isPocl()
        && cellsUnderWay(problem) <= MOST_WINDOW
        && problem.output().elements() * problem.type().bytes()
            >= RowsImplementation.STREAMED_BYTES;
  }

  /** The cells that windows of a pooling reach while it makes a few neighbouring outputs, about. */
  private static long cellsUnderWay(Problem problem) {
    int[] small = problem.input().spatial();
    int[] large = problem.output().spatial();
    long slice = problem.output().planeSize();
    int axis = 0;
    while (axis < large.length - 1 && large[axis] == 1) {
      axis++;
    }
    for (int i = 0; i <= axis; i++) {
      slice /= large[i];
    }
    long overlapping = slice * (1 + large[axis] / small[axis]);
    long chunk = (long) CHUNK * problem.output().planeSize() / problem.input().planeSize();
    return Math.max(LEAST_WINDOW, chunk + overlapping);
  }
}
