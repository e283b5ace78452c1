package io.github.clpool.opencl.cpu;

import io.github.clpool.backend.Verdict;
import io.github.clpool.exact.Sums;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Problem;
import io.github.clpool.opencl.plan.AxisArguments;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.KernelArgument;
import io.github.clpool.opencl.plan.LaunchPlan;
import io.github.clpool.opencl.plan.Macros;
import io.github.clpool.opencl.plan.OpenClImplementation;
import io.github.clpool.opencl.plan.PoolCall;
import io.github.clpool.tensor.Layout;
import java.util.ArrayList;
import java.util.List;

/**
 * Gradients of sums on a CPU, over any regions: the sums down the columns of the outputs that cover
 * a row of cells are made once for the row.
 */
public final class CoversImplementation implements OpenClImplementation {
  /** Three private buffers of a row must fit into the second-level cache, and on a stack. */
  private static final int WIDEST = 8192;

  private static final int NARROWEST = 256;

  /** Fewer cells than this are not worth a work-item. */
  private static final int CELLS_PER_ITEM = 16 << 10;

  @Override
  public String name() {
    return "covers";
  }

  @Override
  public boolean ownsRows() {
    return true;
  }

  @Override
  public boolean takesWindowsInPadding() {
    return true;
  }

  @Override
  public Verdict accepts(Problem problem, DeviceProfile device) {
    if (problem.direction() != Direction.BACKWARD) {
      return refuse("it computes gradients only");
    }
    PoolCall call = PoolCall.of(problem, device);
    if (!call.reduction().isAverage()) {
      return refuse("it takes sums and averages only");
    }
    if (problem.layout() != Layout.NCHW) {
      return refuse("the layout is " + problem.layout());
    }
    if (!call.hasShortSums(false)) {
      return refuse("sums have more than " + Sums.BLOCK + " terms along an axis");
    }
    int width = width(problem);
    return width <= WIDEST
        ? accept("a row shares the outputs that cover it")
        : refuse("a row has " + width + " cells, more than " + WIDEST);
  }

  private static int width(Problem problem) {
    return Math.max(problem.input().w(), problem.output().w());
  }

  /** Few capacities, since each costs a compilation. */
  private static long capacity(Problem problem) {
    return Math.max(NARROWEST, Integer.highestOneBit(2 * width(problem) - 1));
  }

  private static int rowsPerItem(Problem problem) {
    return Math.max(1, CELLS_PER_ITEM / problem.input().w());
  }

  @Override
  public LaunchPlan plan(Problem problem, DeviceProfile device) {
    PoolCall call = PoolCall.of(problem, device);
    Macros macros = call.macros().kinds(call.geometry()).put("CAPACITY", capacity(problem));
    long planes = problem.input().planeCount();
    int rows = problem.input().d() * problem.input().h();
    int rowsPerItem = rowsPerItem(problem);
    List<KernelArgument> arguments = new ArrayList<>(call.buffers());
    arguments.addAll(new AxisArguments(call, problem.direction()).all());
    arguments.add(new KernelArgument.Int((int) planes));
    arguments.add(new KernelArgument.Int(rowsPerItem));
    arguments.add(new KernelArgument.Int(call.fixedDivisor()));
    long bytes = capacity(problem) * (call.numberBytes() + 2 * Integer.BYTES);
    List<Long> items = List.of((rows + rowsPerItem - 1L) / rowsPerItem, planes);
    return LaunchPlan.of(call.launch("avg_pool_covers", macros, arguments, items, bytes));
  }
}
