package io.github.clpool.opencl.gpu;

import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Problem;
import io.github.clpool.op.WindowAxis;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.Grid;
import io.github.clpool.opencl.plan.LaunchPlan;
import io.github.clpool.opencl.plan.Macros;
import io.github.clpool.opencl.plan.OpenClImplementation;
import io.github.clpool.opencl.plan.OutputLaunches;
import io.github.clpool.opencl.plan.PoolCall;
import io.github.clpool.tensor.Layout;

/** A tile of neighbouring outputs per work-item, from registers; small windows, both layouts. */
public final class TileImplementation implements OpenClImplementation {
  /** Reductions that compute much for each cell are unrolled for fewer of them. */
  private static final int MOST_COSTLY_CELLS = 27;

  @Override
  public String name() {
    return "tile";
  }

  @Override
  public boolean takesViews() {
    return true;
  }

  @Override
  public Verdict accepts(Problem problem, DeviceProfile device) {
    PoolCall call = PoolCall.of(problem, device);
    Geometry geometry = call.geometry();
    for (int i = 0; i < 3; i++) {
      if (!(geometry.axis(i) instanceof WindowAxis)) {
        return refuse("the regions are not windows");
      }
    }
    WindowAxis w = (WindowAxis) geometry.w();
    int apart = w.outputSize() > 1 ? w.stride() : w.inputSize();
    if (problem.layout() == Layout.NCHW && apart > TileGradient.FARTHEST) {
      return refuse("neighbouring work-items would read cells that are " + apart + " apart");
    }
    if (!call.isForward() && !TileGradient.fits(call)) {
      return refuse("what covers a cell does not fit into registers, or windows have dilation");
    }
    if (call.isSelectionGradient()) {
      return accept("what covers a cell fits into registers");
    }
    int most = call.reduction().given() > 2 ? MOST_COSTLY_CELLS : Tile.MOST_CELLS;
    long cells = new Tile(call, 1, 1, 1).cells();
    return cells <= most
        ? accept("windows fit into registers")
        : refuse("a window spans " + cells + " cells, more than " + most);
  }

  @Override
  public LaunchPlan plan(Problem problem, DeviceProfile device) {
    PoolCall call = PoolCall.of(problem, device);
    if (call.isForward()) {
      return LaunchPlan.of(OutputLaunches.forward(call, name(), range(call)));
    }
    TileGradient block = TileGradient.of(call);
    return call.isSelectionGradient() || block.givesAtOnce()
        ? LaunchPlan.of(block.launch())
        : OutputLaunches.gradient(call, name(), range(call), block.launch());
  }

  private static OutputLaunches.Range range(PoolCall call) {
    Tile tile = Tile.of(call);
    Grid grid = Grid.of(call.problem(), tile.cuts().perPlane()).ofNeighbours(tile.channels());
    Macros macros =
        tile.addTo(call.macros().grid(grid).windows(call.geometry()).flat(call.geometry()));
    return new OutputLaunches.Range(
        macros, grid, tile.cuts().argument(), grid.global(), grid.local(call.device()));
  }
}
