package io.github.clpool.opencl.cpu;

import io.github.clpool.backend.Verdict;
import io.github.clpool.exact.Sums;
import io.github.clpool.op.AxisRegions;
import io.github.clpool.op.Divisor;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Problem;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.KernelArgument;
import io.github.clpool.opencl.plan.LaunchPlan;
import io.github.clpool.opencl.plan.Macros;
import io.github.clpool.opencl.plan.OpenClImplementation;
import io.github.clpool.opencl.plan.PoolCall;
import io.github.clpool.opencl.plan.ReductionHeader;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Whole planes on a CPU: a maximum reads them from front to end, a sum eight columns at a time;
 * what is left of eight planes each is folded side by side. Gradients fill planes.
 */
public final class GlobalImplementation implements OpenClImplementation {
  /** Two levels of blocks. */
  private static final int MOST_TERMS = Sums.BLOCK * Sums.BLOCK;

  /** Fewer cells than this are not worth a work-item. */
  private static final int CELLS_PER_ITEM = 8 << 10;

  /** Cells of planes that are summed side by side, so that they stay in the first-level cache. */
  private static final int CELLS_TOGETHER = 8 << 10;

  /** The size of planes of so many cells is worth knowing when sums are built. */
  private static final int SMALL_PLANE = 64;

  private static final int LANES = 8;

  /** Vectors that a work-item keeps: two for each plane of some side by side, and results. */
  private static final int VECTORS = 2 * LANES + 3;

  @Override
  public String name() {
    return "global";
  }

  @Override
  public boolean ownsRows() {
    return true;
  }

  @Override
  public Verdict accepts(Problem problem, DeviceProfile device) {
    if (problem.accumulate()) {
      return refuse("it does not add to gradients");
    }
    if (problem.layout() != Layout.NCHW) {
      return refuse("the layout is " + problem.layout());
    }
    PoolCall call = PoolCall.of(problem, device);
    boolean sums = call.isForward() && call.reduction().sums();
    boolean selects = call.reduction().isMaximum() || call.isSelectionGradient();
    if (!call.reduction().isAverage() && (!selects || call.reduction().takesMagnitudes())) {
      return refuse("it has no kernel for that");
    }
    if (call.hasWideSums()) {
      return refuse("float does not hold the sums exactly");
    }
    Geometry geometry = call.geometry();
    for (int i = 0; i < 3; i++) {
      AxisRegions axis = geometry.axis(i);
      boolean whole =
          axis.outputSize() == 1
              && axis.taps(0) == axis.inputSize()
              && axis.paddedTaps(0) == axis.inputSize()
              && axis.origin(0) == 0
              && axis.step() == 1;
      if (!whole) {
        return refuse("a region is not a whole plane");
      }
      if (sums && axis.inputSize() > MOST_TERMS) {
        return refuse("sums have more than " + MOST_TERMS + " terms along an axis");
      }
    }
    return accept("each region is a whole plane");
  }

  private static int planesPerItem(Problem problem) {
    int planes = Math.max(1, CELLS_PER_ITEM / problem.input().planeSize());
    return planes < LANES ? planes : planes / LANES * LANES;
  }

  @Override
  public LaunchPlan plan(Problem problem, DeviceProfile device) {
    PoolCall call = PoolCall.of(problem, device);
    ReductionHeader reduction = call.reduction();
    Macros macros = call.macros();
    Shape input = problem.input();
    boolean sums = call.isForward() && reduction.sums();
    if (sums && input.planeSize() <= SMALL_PLANE) {
      macros.put("DEPTH", input.d()).put("HEIGHT", input.h()).put("WIDTH", input.w());
    }
    long planes = input.planeCount();
    int planesPerItem = planesPerItem(problem);
    List<KernelArgument> arguments = new ArrayList<>(call.buffers());
    if (sums) {
      arguments.add(new KernelArgument.Int(input.d()));
      arguments.add(new KernelArgument.Int(input.h()));
      arguments.add(new KernelArgument.Int(input.w()));
    } else {
      arguments.add(new KernelArgument.Int(input.planeSize()));
    }
    arguments.add(new KernelArgument.Long(planes));
    arguments.add(new KernelArgument.Int(planesPerItem));
    if (reduction.isAverage()) {
      Divisor divisor = call.pool().divisor();
      boolean fixed = divisor.kind() == Divisor.Kind.FIXED;
      if (sums) {
        int together = LANES * input.planeSize() <= CELLS_TOGETHER ? LANES : 1;
        arguments.add(new KernelArgument.Int(together));
        arguments.add(new KernelArgument.Long(input.elements()));
      }
      arguments.add(new KernelArgument.Int(fixed ? divisor.fixed() : input.planeSize()));
    }
    List<Long> items = List.of(Math.max(1, (planes + planesPerItem - 1) / planesPerItem));
    long privateBytes = (long) VECTORS * LANES * call.numberBytes();
    return LaunchPlan.of(call.launch(call.word("global"), macros, arguments, items, privateBytes));
  }
}
