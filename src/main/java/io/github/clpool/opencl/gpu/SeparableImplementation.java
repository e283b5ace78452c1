package io.github.clpool.opencl.gpu;

import io.github.clpool.backend.Verdict;
import io.github.clpool.exact.Sums;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.op.WindowAxis;
import io.github.clpool.opencl.plan.AxisArguments;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.Grid;
import io.github.clpool.opencl.plan.KernelArgument;
import io.github.clpool.opencl.plan.Launch;
import io.github.clpool.opencl.plan.LaunchPlan;
import io.github.clpool.opencl.plan.OpenClImplementation;
import io.github.clpool.opencl.plan.OutputLaunches;
import io.github.clpool.opencl.plan.PoolCall;
import io.github.clpool.tensor.Layout;
import java.util.ArrayList;
import java.util.List;

/**
 * Blocks of outputs per work-group, which folds columns, then rows, in local memory; large windows.
 */
public final class SeparableImplementation implements OpenClImplementation {
  /** Of a slice; smaller windows fit into the registers of a work-item. */
  private static final int LEAST_TAPS = 36;

  /**
   * Windows that share less are no work for a group on a processor, or if a tile reads whole lines.
   */
  private static final int LEAST_COVERS = 9;

  /** Of longer windows, sums have blocks, and work-items would hold too many cells. */
  private static final int MOST_TAPS = Sums.BLOCK;

  @Override
  public String name() {
    return "separable";
  }

  @Override
  public boolean takesViews() {
    return true;
  }

  @Override
  public boolean sharesRegions() {
    return true;
  }

  @Override
  public Verdict accepts(Problem problem, DeviceProfile device) {
    PoolCall call = PoolCall.of(problem, device);
    if (!call.reduction().sharesColumns() || call.isSelectionGradient()) {
      return refuse("what a cell counts for depends on the region");
    }
    Geometry geometry = call.geometry();
    for (int i = 0; i < 3; i++) {
      if (!(geometry.axis(i) instanceof WindowAxis axis)) {
        return refuse("the regions are not windows");
      }
      if (axis.kernel() > MOST_TAPS) {
        return refuse("windows have more than " + MOST_TAPS + " cells along an axis");
      }
      boolean gathers = !call.isForward() && call.reduction().isAverage();
      if (gathers && (axis.stride() > 1 || axis.dilation() > 1)) {
        return refuse("the outputs of a cell do not lie side by side");
      }
    }
    if (!call.isForward() && call.reduction().isAverage() && DisjointGradient.fits(call)) {
      return refuse("a cell has one output at most");
    }
    int slice = geometry.h().maxTaps() * geometry.w().maxTaps();
    int taps = geometry.d().maxTaps() * slice;
    if (slice < LEAST_TAPS && taps <= Tile.MOST_CELLS) {
      return refuse(
          "windows have %d cells, in a slice %d, fewer than %d".formatted(taps, slice, LEAST_TAPS));
    }
    int covers = geometry.h().maxCovers() * geometry.w().maxCovers();
    boolean readsLines = problem.layout() == Layout.NHWC && taps <= Tile.MOST_CELLS;
    if ((device.isProcessor() || readsLines) && covers < LEAST_COVERS) {
      return refuse("windows share a cell with at most " + (covers - 1) + " others of a slice");
    }
    Separable block = Separable.of(call, call.isForward());
    return block.localBytes() <= device.localMemory() && block.cellsOfColumn() <= MOST_TAPS
        ? accept("columns are folded once, then rows of them")
        : refuse("windows are too far apart, or too long");
  }

  @Override
  public LaunchPlan plan(Problem problem, DeviceProfile device) {
    PoolCall call = PoolCall.of(problem, device);
    if (call.isForward()) {
      return LaunchPlan.of(OutputLaunches.forward(call, name(), range(call)));
    }
    return call.reduction().isAverage()
        ? LaunchPlan.of(gradient(call))
        : OutputLaunches.gradient(call, name(), range(call), DirectImplementation.gradient(call));
  }

  private static OutputLaunches.Range range(PoolCall call) {
    Separable block = Separable.of(call, true);
    Grid grid = block.grid();
    return new OutputLaunches.Range(
        block.addTo(call.macros().grid(grid)),
        grid,
        block.cuts().argument(),
        block.global(),
        grid.local(block.group()));
  }

  /** Of an average: what an output gives is found when it is read. */
  private static Launch gradient(PoolCall call) {
    Separable block = Separable.of(call, false);
    Grid grid = block.grid();
    List<KernelArgument> arguments =
        new ArrayList<>(KernelArgument.buffers(Role.GRAD_OUTPUT, Role.GRAD_INPUT));
    arguments.addAll(new AxisArguments(call, Direction.BACKWARD).all());
    arguments.add(grid.argument());
    arguments.add(new KernelArgument.Int(call.fixedDivisor()));
    arguments.add(block.cuts().argument());
    return new Launch(
        "separable_gradient.cl",
        block.addTo(OutputLaunches.gatherMacros(call, grid)).values(),
        "separable_gradient",
        arguments,
        block.global(),
        grid.local(block.group()));
  }
}
