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
import io.github.clpool.opencl.plan.Macros;
import io.github.clpool.opencl.plan.OpenClImplementation;
import io.github.clpool.opencl.plan.OutputLaunches;
import io.github.clpool.opencl.plan.PoolCall;
import io.github.clpool.tensor.Layout;
import java.util.List;

/** A block of outputs per work-group, which share columns in local memory; large windows, NCHW. */
public final class SeparableImplementation implements OpenClImplementation {
  /** Of a slice; smaller windows fit into the registers of a work-item. */
  private static final int LEAST_TAPS = 36;

  /** Windows that share less than this are work for a team each, or read their own cells. */
  private static final int LEAST_COVERS = 9;

  /** Longer windows would not be unrolled, nor fit into registers. */
  private static final int MOST_TAPS = 32;

  /** A work-item's cells along a column. */
  private static final int MOST_ROW_CELLS = 48;

  @Override
  public String name() {
    return "separable";
  }

  @Override
  public Verdict accepts(Problem problem, DeviceProfile device) {
    PoolCall call = PoolCall.of(problem, device);
    if (!call.reduction().sharesColumns() || call.isSelectionGradient()) {
      return refuse("what a cell counts for depends on the region");
    }
    if (problem.layout() != Layout.NCHW) {
      return refuse("the cells of a row do not lie side by side");
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
    int slice = geometry.h().maxTaps() * geometry.w().maxTaps();
    int taps = geometry.d().maxTaps() * slice;
    if (slice < LEAST_TAPS && taps <= Tile.MOST_CELLS) {
      return refuse(
          "windows have %d cells, in a slice %d, fewer than %d".formatted(taps, slice, LEAST_TAPS));
    }
    int covers = geometry.h().maxCovers() * geometry.w().maxCovers();
    if (covers < LEAST_COVERS) {
      return refuse("windows share a cell with at most " + (covers - 1) + " others of a slice");
    }
    Block block = Block.of(call, call.isForward());
    return block.localBytes() <= device.localMemory() && block.cellsOfColumn() <= MOST_ROW_CELLS
        ? accept("windows share their columns")
        : refuse("windows are too far apart, or too long");
  }

  @Override
  public double iterations(Problem problem, DeviceProfile device) {
    PoolCall call = PoolCall.of(problem, device);
    Block block = Block.of(call, true);
    double columns = (double) block.spanW() * block.height() / block.rows() / block.group() + 2;
    double folds = columns * (((WindowAxis) call.geometry().d()).kernel() + 2.0);
    double gather = call.isForward() ? 0 : PoolCall.loops(problem);
    return call.reduction().passes(problem.type()) * folds + 4 * gather;
  }

  @Override
  public LaunchPlan plan(Problem problem, DeviceProfile device) {
    PoolCall call = PoolCall.of(problem, device);
    if (call.isForward()) {
      return LaunchPlan.of(OutputLaunches.forward(call, name(), range(call)));
    }
    return call.reduction().isAverage()
        ? OutputLaunches.gradient(
            call, "direct", DirectImplementation.perOutput(call), gradient(call))
        : OutputLaunches.gradient(call, name(), range(call), DirectImplementation.gradient(call));
  }

  private static OutputLaunches.Range range(PoolCall call) {
    Block block = Block.of(call, true);
    Geometry geometry = call.geometry();
    Cuts cuts =
        block.cuts(geometry.d().outputSize(), geometry.h().outputSize(), geometry.w().outputSize());
    Grid grid = Grid.of(call.problem(), cuts.perPlane(), block.group());
    Macros macros = block.putInto(call.macros().grid(grid));
    return new OutputLaunches.Range(
        macros, grid, cuts.argument(), grid.global(), grid.local(block.group()));
  }

  private static Launch gradient(PoolCall call) {
    Block block = Block.of(call, false);
    Geometry geometry = call.geometry();
    Cuts cuts =
        block.cuts(geometry.d().inputSize(), geometry.h().inputSize(), geometry.w().inputSize());
    Grid grid = Grid.of(call.problem(), cuts.perPlane(), block.group());
    List<KernelArgument> arguments = OutputLaunches.gatherArguments(call, grid);
    arguments.add(cuts.argument());
    return new Launch(
        "separable_gradient.cl",
        block.putInto(OutputLaunches.gatherMacros(call, grid)).values(),
        "separable_gradient",
        arguments,
        grid.global(),
        grid.local(block.group()));
  }

  /**
   * The windows of a work-group.
   *
   * @param geometry where they lie
   * @param height rows of windows
   * @param width columns of windows
   * @param rows the rows for which a work-item folds a column; they divide the height
   * @param group the work-items
   */
  private record Block(Geometry geometry, int height, int width, int rows, int group) {
    private static final int MOST_WINDOWS = 256;
    private static final int MOST_COLUMNS = 32;
    private static final int MOST_ROWS = 8;
    private static final int WARP = 32;
    private static final int BYTES = 8; // of a number or of a key, at most

    /** Blocks of outputs, or of the cells of a gradient. */
    static Block of(PoolCall call, boolean ofOutputs) {
      Geometry geometry = call.geometry();
      int windowsH = ofOutputs ? geometry.h().outputSize() : geometry.h().inputSize();
      int windowsW = ofOutputs ? geometry.w().outputSize() : geometry.w().inputSize();
      int most = (int) Math.min(MOST_WINDOWS, call.device().maxWorkGroup());
      int width = Cuts.even(windowsW, Math.min(MOST_COLUMNS, most));
      int height = Cuts.even(windowsH, most / width);
      int rows = Cuts.even(height, MOST_ROWS);
      height -= height % rows;
      int group = Math.min(most, (height * width + WARP - 1) / WARP * WARP);
      return new Block(geometry, height, width, rows, group);
    }

    private static long span(WindowAxis axis, int windows) {
      return (windows - 1L) * axis.stride() + PoolCall.effective(axis);
    }

    long spanW() {
      return span((WindowAxis) geometry.w(), width);
    }

    long cellsOfColumn() {
      return span((WindowAxis) geometry.h(), rows);
    }

    long localBytes() {
      return height * spanW() * (2 * BYTES + Integer.BYTES);
    }

    Cuts cuts(long slices, long windowsH, long windowsW) {
      return new Cuts(slices, Cuts.blocks(windowsH, height), Cuts.blocks(windowsW, width));
    }

    Macros putInto(Macros macros) {
      return macros
          .windows(geometry)
          .put("BLOCK_H", height)
          .put("BLOCK_W", width)
          .put("ROWS", rows)
          .put(Launch.GROUP, group);
    }
  }
}
