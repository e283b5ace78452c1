package io.github.clpool.opencl.gpu;

import io.github.clpool.backend.Verdict;
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
import io.github.clpool.opencl.plan.PoolCall;
import io.github.clpool.tensor.DataType;

/**
 * Outputs one under the other per work-item, which loads the cells of their windows once for all of
 * them; large windows of what has a number of its own for each.
 */
public final class ColumnImplementation implements OpenClImplementation {
  /** Windows that overlap less are work for a team each. */
  private static final double LEAST_COVERS = 9;

  /**
   * The outputs of one column of a plane that a work-item makes.
   *
   * @param call a call over windows
   * @param rows how many outputs
   */
  private record Column(PoolCall call, int rows) implements Shrinking<Column> {
    /** Of windows that all have cells in common, as many as are worth while. */
    static Column of(PoolCall call) {
      WindowAxis h = (WindowAxis) call.geometry().h();
      int common = (h.kernel() - 1) / h.stride() + 1;
      return Shrinking.halved(
          new Column(call, Cuts.even(h.outputSize(), Math.min(common, mostInRegisters(call)))));
    }

    /** Of more than these, what is made of them and of the rows they share would not stay there. */
    private static int mostInRegisters(PoolCall call) {
      if (call.problem().type() == DataType.FLOAT64) {
        return 2;
      }
      return call.reduction().selects() ? 3 : call.reduction().onlySums() ? 5 : 4;
    }

    @Override
    public int columns() {
      return 1;
    }

    @Override
    public int channels() {
      return 1;
    }

    @Override
    public Column with(int otherRows, int columns, int channels) {
      return new Column(call, otherRows);
    }

    @Override
    public boolean isTooLarge() {
      return false;
    }

    @Override
    public Cuts cuts() {
      Geometry geometry = call.geometry();
      return new Cuts(
          geometry.d().outputSize(),
          Cuts.blocks(geometry.h().outputSize(), rows),
          geometry.w().outputSize());
    }
  }

  @Override
  public String name() {
    return "column";
  }

  @Override
  public boolean takesViews() {
    return true;
  }

  @Override
  public Verdict accepts(Problem problem, DeviceProfile device) {
    PoolCall call = PoolCall.of(problem, device);
    if (call.isSelectionGradient() || !call.reduction().takesSeveral()) {
      return refuse("regions are not gone through several at once");
    }
    if (!call.hasPlainWindows()) {
      return refuse("the regions are not windows, or have dilation");
    }
    if (!call.hasShortSums(true)) {
      return refuse("windows have more than 64 cells along an axis");
    }
    double covers = 1;
    for (int i = 0; i < 3; i++) {
      covers *= call.geometry().axis(i).maxCovers();
    }
    return covers < LEAST_COVERS
        ? refuse("windows share a cell with at most " + ((int) covers - 1) + " others")
        : accept("windows one under the other share the cells that a work-item loads");
  }

  @Override
  public LaunchPlan plan(Problem problem, DeviceProfile device) {
    PoolCall call = PoolCall.of(problem, device);
    return call.isForward()
        ? LaunchPlan.of(OutputLaunches.forward(call, name(), range(call)))
        : OutputLaunches.gradient(call, name(), range(call), DirectImplementation.gradient(call));
  }

  private static OutputLaunches.Range range(PoolCall call) {
    Column column = Column.of(call);
    Geometry geometry = call.geometry();
    Grid grid = Grid.of(call.problem(), column.cuts().perPlane());
    Macros macros =
        call.macros()
            .grid(grid)
            .windows(geometry)
            .flat(geometry)
            .inside(geometry)
            .put("ROWS", column.rows())
            .flag("UNCUT", geometry.h().outputSize() % column.rows() == 0);
    return new OutputLaunches.Range(
        macros, grid, column.cuts().argument(), grid.global(), grid.local(call.device()));
  }
}
