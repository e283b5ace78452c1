package io.github.clpool.opencl.cpu;

import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Problem;
import io.github.clpool.opencl.plan.AxisArguments;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.KernelArgument;
import io.github.clpool.opencl.plan.Launch;
import io.github.clpool.opencl.plan.LaunchPlan;
import io.github.clpool.opencl.plan.Macros;
import io.github.clpool.opencl.plan.OpenClImplementation;
import io.github.clpool.opencl.plan.PoolCall;
import io.github.clpool.opencl.plan.ReductionHeader;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import java.util.ArrayList;
import java.util.List;

/**
 * Gradients of selections on a CPU: the owner of a plane adds each output's gradient to the cell
 * that it selected, if that is in its region.
 */
public final class ScatterImplementation implements OpenClImplementation {
  /** Outputs that are looked through at once. */
  private static final int LANES = 8;

  /** Rows of outputs that are looked through. */
  private static final int WIDEST = 2048;

  private static final int NARROWEST = 128;

  /** Fewer neighbouring channels are not worth a work-item. */
  private static final int CHANNELS_PER_ITEM = 32;

  /** So many work-items per compute unit that they end at about the same time. */
  private static final int ITEMS_PER_UNIT = 8;

  @Override
  public String name() {
    return "scatter";
  }

  @Override
  public boolean placesPerPlane() {
    return true;
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
    String misfit = misfit(problem);
    return misfit == null
        ? accept("a selection's gradient goes to the selected cells only")
        : refuse(misfit);
  }

  /** Whether it accepts a problem. */
  static boolean takes(Problem problem) {
    return misfit(problem) == null;
  }

  private static String misfit(Problem problem) {
    if (problem.direction() != Direction.BACKWARD) {
      return "it computes gradients only";
    }
    ReductionHeader reduction = ReductionHeader.of(problem.pool(), problem.type());
    if (!reduction.selects() || reduction.takesMagnitudes()) {
      return "the gradient does not go to selected cells as it is";
    }
    if (problem.layout() == Layout.NHWC) {
      if (problem.input().c() < LANES) {
        return "there are " + problem.input().c() + " channels, fewer than " + LANES;
      }
      if (problem.pool().regions().isPlacedPerPlane()) {
        return "regions of neighbouring channels lie elsewhere";
      }
    }
    if (problem.accumulate()) {
      return "sums are kept in the result, which is added to";
    }
    if (problem.type() != DataType.FLOAT32 && problem.type() != DataType.FLOAT64) {
      return "sums are kept in the result, which is " + problem.type();
    }
    return null;
  }

  /** Few capacities, since each costs a compilation; wider rows are not looked through. */
  private static int capacity(Problem problem) {
    int width = problem.output().w();
    return width > WIDEST ? LANES : Math.max(NARROWEST, Integer.highestOneBit(2 * width - 1));
  }

  @Override
  public LaunchPlan plan(Problem problem, DeviceProfile device) {
    PoolCall call = PoolCall.of(problem, device);
    long planes = problem.input().planeCount();
    List<KernelArgument> arguments = new ArrayList<>(call.buffers());
    arguments.addAll(new AxisArguments(call, problem.direction()).all());
    if (problem.layout() == Layout.NHWC) {
      return ofChannels(problem, device, arguments);
    }
    arguments.add(new KernelArgument.Int((int) planes));
    int capacity = capacity(problem);
    Macros macros =
        Macros.of(problem).flag("FRACTIONAL", call.isFractional()).put("CAPACITY", capacity);
    return LaunchPlan.of(
        new Launch(
            "max_pool_scatter.cl",
            macros.values(),
            "max_pool_scatter_backward",
            arguments,
            List.of(1L, planes),
            List.of(1L, 1L),
            2L * capacity * Integer.BYTES));
  }

  /** Layout NHWC: some channels of a plane each. */
  private static LaunchPlan ofChannels(
      Problem problem, DeviceProfile device, List<KernelArgument> arguments) {
    long planes = problem.input().n();
    int channels = (int) problem.input().c();
    long wanted = Math.max(1, (long) ITEMS_PER_UNIT * device.computeUnits() / Math.max(1, planes));
    int parts = (int) Math.min(wanted, channels / CHANNELS_PER_ITEM);
    int each = parts <= 1 ? channels : channels / parts / LANES * LANES;
    arguments.add(new KernelArgument.Int(channels));
    arguments.add(new KernelArgument.Int(each));
    String word = "max_pool_channels_last_scatter";
    return LaunchPlan.of(
        new Launch(
            word + ".cl",
            Macros.ofElements(problem).values(),
            word + "_backward",
            arguments,
            List.of((long) channels / each, planes),
            List.of(1L, 1L)));
  }
}
