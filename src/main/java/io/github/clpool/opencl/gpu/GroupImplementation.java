package io.github.clpool.opencl.gpu;

import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Problem;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.Grid;
import io.github.clpool.opencl.plan.KernelArgument;
import io.github.clpool.opencl.plan.Launch;
import io.github.clpool.opencl.plan.LaunchPlan;
import io.github.clpool.opencl.plan.Macros;
import io.github.clpool.opencl.plan.OpenClImplementation;
import io.github.clpool.opencl.plan.OutputLaunches;
import io.github.clpool.opencl.plan.PoolCall;
import io.github.clpool.tensor.Layout;

/** A team of work-items per output, a column of the region each; large regions, NCHW. */
public final class GroupImplementation implements OpenClImplementation {
  /** Fewer cells than this are no work for a team. */
  private static final long LEAST_CELLS = 32;

  /** Regions of this many cells are work for a team even where they overlap. */
  private static final long LARGE = 1024;

  /** Adaptive regions share no more than a row and a column with their neighbours. */
  private static final long MOST_COVERS = 8;

  private static final int GROUP = 128;

  @Override
  public String name() {
    return "group";
  }

  @Override
  public boolean placesPerPlane() {
    return true;
  }

  @Override
  public boolean takesWindowsInPadding() {
    return true;
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
    if (call.isSelectionGradient()) {
      return refuse("the gradient of a selection has no regions to go through");
    }
    if (!call.isForward() && call.reduction().isAverage()) {
      return refuse("what an average gives to its gradient needs no cells");
    }
    if (call.reduction().inOrder()) {
      return refuse("cells must be seen one after the other");
    }
    if (problem.layout() != Layout.NCHW) {
      return refuse("channels last is faster with a work-item per channel");
    }
    Geometry geometry = call.geometry();
    double cells = 1;
    double covers = 1;
    for (int i = 0; i < 3; i++) {
      cells *= geometry.axis(i).maxTaps();
      covers *= geometry.axis(i).maxCovers();
    }
    if (covers > MOST_COVERS && cells < LARGE) {
      return refuse(
          "neighbouring regions share their cells, which a work-item finds in the caches");
    }
    return cells < LEAST_CELLS
        ? refuse("regions have at most " + (long) cells + " cells, fewer than " + LEAST_CELLS)
        : accept("regions have up to " + (long) cells + " cells");
  }

  private static int group(PoolCall call) {
    return (int) Long.highestOneBit(Math.min(GROUP, call.device().maxWorkGroup()));
  }

  private static int team(PoolCall call) {
    return Math.min(group(call), Integer.highestOneBit(2 * call.geometry().w().maxTaps() - 1));
  }

  @Override
  public LaunchPlan plan(Problem problem, DeviceProfile device) {
    PoolCall call = PoolCall.of(problem, device);
    OutputLaunches.Range range = range(call);
    return call.isForward()
        ? LaunchPlan.of(OutputLaunches.forward(call, name(), range))
        : OutputLaunches.gradient(call, name(), range, DirectImplementation.gradient(call));
  }

  private static OutputLaunches.Range range(PoolCall call) {
    int group = group(call);
    int columns = call.geometry().w().maxTaps();
    int team = team(call);
    Grid grid = Grid.of(call.problem(), call.problem().output().planeSize(), team);
    Macros macros =
        call.macros()
            .grid(grid)
            .shortSums(call.hasShortSums(true))
            .put("TEAM", team)
            .put(Launch.GROUP, group);
    return new OutputLaunches.Range(
        macros, grid, new KernelArgument.Int(columns), grid.global(), grid.local(group));
  }
}
