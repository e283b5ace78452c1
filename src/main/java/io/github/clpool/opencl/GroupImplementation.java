package io.github.clpool.opencl;

import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Problem;
import io.github.clpool.tensor.Layout;
import java.util.ArrayList;
import java.util.List;

/** A team of work-items per output, a column of the region each; large regions, NCHW. */
final class GroupImplementation implements OpenClImplementation {
  /** Fewer cells than this are no work for a team. */
  private static final long LEAST_CELLS = 32;

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
  public Verdict accepts(Problem problem, DeviceProfile device) {
    PoolCall call = PoolCall.of(problem, device);
    if (call.isSelectionGradient()) {
      return refuse("the gradient of a selection has no regions to go through");
    }
    if (call.reduction().inOrder()) {
      return refuse("cells must be seen one after the other");
    }
    if (problem.layout() != Layout.NCHW) {
      return refuse("channels last is faster with a work-item per channel");
    }
    Geometry geometry = call.geometry();
    double cells = 1;
    for (int i = 0; i < 3; i++) {
      cells *= geometry.axis(i).maxTaps();
    }
    return cells < LEAST_CELLS
        ? refuse("regions have at most " + (long) cells + " cells, fewer than " + LEAST_CELLS)
        : accept("regions have up to " + (long) cells + " cells");
  }

  @Override
  public long iterations(Problem problem) {
    return 2 * GROUP + (long) Math.min(1L << 62, 8 * DirectImplementation.positions(problem));
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
    int group = (int) Long.highestOneBit(Math.min(GROUP, call.device().maxWorkGroup()));
    int columns = call.geometry().w().maxTaps();
    int team = Math.min(group, Integer.highestOneBit(2 * columns - 1));
    Grid grid = Grid.of(call.problem(), call.problem().output().planeSize());
    Macros macros =
        call.macros().flag("LARGE", grid.isLarge()).put("TEAM", team).put(Launch.GROUP, group);
    if (call.hasShortSums(true)) {
      macros.put("LONG_SUMS", 0);
    }
    List<Long> global = new ArrayList<>(grid.global());
    long teams = group / team;
    global.set(0, (global.get(0) + teams - 1) / teams * group);
    List<Long> local = new ArrayList<>(List.of((long) group));
    if (global.size() > 1) {
      local.add(1L);
    }
    return new OutputLaunches.Range(macros, grid, new KernelArgument.Int(columns), global, local);
  }
}
