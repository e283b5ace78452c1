package io.github.clpool.opencl.gpu;

import io.github.clpool.backend.Verdict;
import io.github.clpool.op.AxisRegions;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Problem;
import io.github.clpool.op.WindowAxis;
import io.github.clpool.opencl.plan.Cuts;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.Grid;
import io.github.clpool.opencl.plan.LaunchPlan;
import io.github.clpool.opencl.plan.Macros;
import io.github.clpool.opencl.plan.OpenClImplementation;
import io.github.clpool.opencl.plan.OutputLaunches;
import io.github.clpool.opencl.plan.ParameterGradient;
import io.github.clpool.opencl.plan.PoolCall;
import io.github.clpool.tensor.Layout;

/** A tile of neighbouring outputs per work-item, from registers; small windows, both layouts. */
public final class TileImplementation implements OpenClImplementation {
  /** More cells than this would not stay in registers. */
  static final int MOST_CELLS = 64;

  /** Reductions that compute much for each cell are unrolled for fewer of them. */
  private static final int MOST_COSTLY_CELLS = 27;

  @Override
  public String name() {
    return "tile";
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
    int most = call.reduction().given() > 2 ? MOST_COSTLY_CELLS : MOST_CELLS;
    long cells = new Tile(geometry, 1, 1).cells();
    return cells <= most
        ? accept("windows fit into registers")
        : refuse("a window spans " + cells + " cells, more than " + most);
  }

  /** Those of windows are unrolled. */
  @Override
  public double iterations(Problem problem, DeviceProfile device) {
    return ParameterGradient.iterations(problem);
  }

  @Override
  public LaunchPlan plan(Problem problem, DeviceProfile device) {
    PoolCall call = PoolCall.of(problem, device);
    if (call.isSelectionGradient()) {
      return LaunchPlan.of(TileGradient.of(call).launch());
    }
    OutputLaunches.Range range = range(call);
    return call.isForward()
        ? LaunchPlan.of(OutputLaunches.forward(call, name(), range))
        : OutputLaunches.gradient(call, name(), range, TileGradient.of(call).launch());
  }

  private static OutputLaunches.Range range(PoolCall call) {
    Tile tile = Tile.of(call);
    Grid grid = Grid.of(call.problem(), tile.cuts().perPlane());
    Macros macros =
        call.macros()
            .grid(grid)
            .windows(call.geometry())
            .put("ROWS", tile.rows())
            .put("COLUMNS", tile.columns())
            .flag("WHOLE", tile.isWhole());
    return new OutputLaunches.Range(
        macros, grid, tile.cuts().argument(), grid.global(), grid.local(call.device()));
  }

  /** Rows and columns of outputs that a work-item makes. */
  private record Tile(Geometry geometry, int rows, int columns) {
    /** Where outputs share cells, more of them per work-item, as long as the device is busy. */
    static Tile of(PoolCall call) {
      Geometry geometry = call.geometry();
      WindowAxis h = (WindowAxis) geometry.h();
      WindowAxis w = (WindowAxis) geometry.w();
      boolean shares = h.stride() < PoolCall.effective(h);
      boolean costly = call.reduction().given() > 2;
      boolean isLine = h.outputSize() == 1;
      int rows = costly ? 1 : shares ? 4 : 2;
      int columns =
          costly
              ? 1
              : isLine
                  ? TileGradient.FARTHEST / w.stride()
                  : shares && isDense(h) && isDense(w) ? 2 : 1;
      Tile tile =
          new Tile(
              geometry,
              Cuts.even(h.outputSize(), rows),
              Cuts.even(w.outputSize(), Math.max(columns, 1)));
      long planes = call.problem().input().planeCount();
      long wanted = call.device().busyItems();
      while (tile.rows * tile.columns > 1
          && (tile.cells() > MOST_CELLS || tile.cuts().perPlane() * planes < wanted)) {
        tile =
            tile.rows > 1
                ? new Tile(geometry, tile.rows / 2, tile.columns)
                : new Tile(geometry, 1, tile.columns / 2);
      }
      return tile;
    }

    private static boolean isDense(WindowAxis axis) {
      return axis.stride() == 1;
    }

    private static long reach(AxisRegions axis, int outputs) {
      WindowAxis window = (WindowAxis) axis;
      return (outputs - 1L) * window.stride() + PoolCall.effective(window);
    }

    /** The cells that its windows span. */
    long cells() {
      double all = (double) reach(geometry.h(), rows) * reach(geometry.w(), columns);
      return (long) (all * ((WindowAxis) geometry.d()).kernel());
    }

    Cuts cuts() {
      return new Cuts(
          geometry.d().outputSize(),
          Cuts.blocks(geometry.h().outputSize(), rows),
          Cuts.blocks(geometry.w().outputSize(), columns));
    }

    /** Whether no window leaves its plane, and no tile is cut off. */
    boolean isWhole() {
      for (int i = 0; i < 3; i++) {
        WindowAxis axis = (WindowAxis) geometry.axis(i);
        boolean inside =
            axis.before() == 0
                && (axis.outputSize() - 1L) * axis.stride() + PoolCall.effective(axis)
                    <= axis.inputSize();
        if (!inside) {
          return false;
        }
      }
      return geometry.h().outputSize() % rows == 0 && geometry.w().outputSize() % columns == 0;
    }
  }
}
