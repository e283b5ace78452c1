package io.github.clpool.opencl.gpu;

import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Problem;
import io.github.clpool.op.WindowAxis;
import io.github.clpool.opencl.plan.Cuts;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.Grid;
import io.github.clpool.opencl.plan.KernelArgument;
import io.github.clpool.opencl.plan.Launch;
import io.github.clpool.opencl.plan.LaunchPlan;
import io.github.clpool.opencl.plan.OpenClImplementation;
import io.github.clpool.opencl.plan.OutputLaunches;
import io.github.clpool.opencl.plan.PoolCall;
import java.util.List;

/**
 * Gradients of selections: a work-item owns a tile of cells, whose sums lie in local memory, and
 * adds what the outputs got that reach it; large windows that overlap.
 */
public final class TileScatterImplementation implements OpenClImplementation {
  /** Cells that fewer outputs cover had better look through these. */
  private static final int LEAST_COVERS = 16;

  /** A tile of a plane has at most so many rows and columns. */
  private static final int MOST_SIDE = 16;

  /** A tile of a volume has slices, too. */
  private static final int MOST_SLICES = 4;

  private static final int MOST_SIDE_OF_VOLUME = 8;

  /** Of smaller tiles, work-items would read the outputs of many others. */
  private static final int FEW_CELLS = 32;

  /** A work-item here does as much as many elsewhere. */
  private static final int SHARE_OF_BUSY_ITEMS = 16;

  private static final int GROUP = 32;

  /** A tile of cells. */
  private record Tile(int slices, int rows, int columns) {
    static Tile of(Geometry geometry) {
      int slices = geometry.d().inputSize();
      int side = slices > 1 ? MOST_SIDE_OF_VOLUME : MOST_SIDE;
      return new Tile(
          Cuts.even(slices, MOST_SLICES),
          Cuts.even(geometry.h().inputSize(), side),
          Cuts.even(geometry.w().inputSize(), side));
    }

    Tile half() {
      if (slices > 1) {
        return new Tile((slices + 1) / 2, rows, columns);
      }
      return rows > 1 ? new Tile(1, (rows + 1) / 2, columns) : new Tile(1, 1, (columns + 1) / 2);
    }

    int cells() {
      return slices * rows * columns;
    }

    Cuts cuts(Geometry geometry) {
      return new Cuts(
          Cuts.blocks(geometry.d().inputSize(), slices),
          Cuts.blocks(geometry.h().inputSize(), rows),
          Cuts.blocks(geometry.w().inputSize(), columns));
    }
  }

  @Override
  public String name() {
    return "tile_scatter";
  }

  @Override
  public boolean takesViews() {
    return true;
  }

  @Override
  public Verdict accepts(Problem problem, DeviceProfile device) {
    PoolCall call = PoolCall.of(problem, device);
    if (!call.isSelectionGradient()) {
      return refuse("it computes gradients of selected cells only");
    }
    Geometry geometry = call.geometry();
    double covers = 1;
    for (int i = 0; i < 3; i++) {
      if (!(geometry.axis(i) instanceof WindowAxis axis)) {
        return refuse("the regions are not windows");
      }
      covers *= axis.maxCovers();
    }
    if (covers < LEAST_COVERS) {
      return refuse("a cell has at most " + (long) covers + " outputs, which it can look through");
    }
    return device.maxWorkGroup() < GROUP || localBytes(call, tile(call)) > device.localMemory()
        ? refuse("a work-group does not fit")
        : accept("a selection's gradient goes to the selected cells only");
  }

  private static long localBytes(PoolCall call, Tile tile) {
    return GROUP * ((tile.cells() | 1) + 1) * call.numberBytes();
  }

  /** A plane, or a part of it; smaller, if too few work-items would be busy. */
  private static Tile tile(PoolCall call) {
    Geometry geometry = call.geometry();
    long planes = call.problem().input().planeCount();
    long busy = call.device().busyItems() / SHARE_OF_BUSY_ITEMS;
    Tile tile = Tile.of(geometry);
    while (tile.cells() > FEW_CELLS
        && (localBytes(call, tile) > call.device().localMemory()
            || tile.cuts(geometry).perPlane() * planes < busy)) {
      tile = tile.half();
    }
    return tile;
  }

  @Override
  public LaunchPlan plan(Problem problem, DeviceProfile device) {
    PoolCall call = PoolCall.of(problem, device);
    Geometry geometry = call.geometry();
    Tile tile = tile(call);
    Cuts cuts = tile.cuts(geometry);
    Grid grid = Grid.of(problem, cuts.perPlane());
    boolean isFlat = geometry.d().inputSize() == 1 && geometry.d().outputSize() == 1;
    List<KernelArgument> arguments = OutputLaunches.gatherArguments(call, grid);
    arguments.add(cuts.argument());
    return LaunchPlan.of(
        new Launch(
            "tile_scatter.cl",
            OutputLaunches.gatherMacros(call, grid)
                .windows(geometry)
                .put("SLICES", tile.slices())
                .put("ROWS", tile.rows())
                .put("COLUMNS", tile.columns())
                .flag("FLAT", isFlat)
                .flag("UNCUT", isFlat && cuts.perPlane() == 1)
                .put(Launch.GROUP, GROUP)
                .values(),
            "tile_scatter",
            arguments,
            grid.global(),
            grid.local(GROUP)));
  }
}
