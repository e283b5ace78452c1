package io.github.clpool.opencl.gpu;

import io.github.clpool.op.AxisRegions;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.WindowAxis;
import io.github.clpool.opencl.plan.Cuts;
import io.github.clpool.opencl.plan.Grid;
import io.github.clpool.opencl.plan.KernelArgument;
import io.github.clpool.opencl.plan.Launch;
import io.github.clpool.opencl.plan.Macros;
import io.github.clpool.opencl.plan.OutputLaunches;
import io.github.clpool.opencl.plan.PoolCall;
import io.github.clpool.tensor.Layout;
import java.util.List;

/**
 * The launch of a gradient by blocks of cells, as {@code lib/tile_covers.clh} cuts them. Immutable.
 *
 * @param call a gradient over windows without dilation
 * @param rows how many strides of windows a block is high
 * @param columns and how many wide
 */
record TileGradient(PoolCall call, int rows, int columns) implements Shrinking<TileGradient> {
  /** More numbers of what outputs give than this would not stay in registers. */
  private static final int MOST_NUMBERS = 64;

  /** From further apart, work-items read or write more lines than they use. */
  static final int FARTHEST = 4;

  /** More cells than this keep a work-item busy too long. */
  private static final int MOST_CELLS = 64;

  /** The largest block that is worth while: where rows are aligned, one that stores vectors. */
  static TileGradient of(PoolCall call) {
    TileGradient wide = Shrinking.halved(wide(call));
    return wide.vector() > 1 ? wide : Shrinking.halved(narrow(call));
  }

  private static TileGradient wide(PoolCall call) {
    WindowAxis h = (WindowAxis) call.geometry().h();
    boolean isDense = stride(call.geometry().w()) == 1;
    boolean isHalf = call.problem().type().bytes() == Short.BYTES;
    int rows = h.stride() == 1 && !call.isSelectionGradient() ? 4 : 2;
    return new TileGradient(call, Cuts.even(blocks(h, 1), rows), isDense || isHalf ? 4 : 2);
  }

  private static TileGradient narrow(PoolCall call) {
    WindowAxis h = (WindowAxis) call.geometry().h();
    WindowAxis w = (WindowAxis) call.geometry().w();
    boolean shares = h.stride() < h.kernel();
    boolean isLine = h.inputSize() == 1;
    int rows = !shares ? 1 : h.stride() == 1 ? 4 : 2;
    int columns = shares && h.stride() == 1 && w.stride() == 1 ? 2 : 1;
    return new TileGradient(
        call,
        Cuts.even(blocks(h, 1), rows),
        Cuts.even(blocks(w, 1), isLine ? Math.max(FARTHEST / w.stride(), 1) : columns));
  }

  @Override
  public TileGradient with(int otherRows, int otherColumns) {
    return new TileGradient(call, otherRows, otherColumns);
  }

  /** Whether the smallest block fits into registers, and windows have no dilation. */
  static boolean fits(PoolCall call) {
    for (int i = 0; i < 3; i++) {
      if (!(call.geometry().axis(i) instanceof WindowAxis axis) || axis.dilation() > 1) {
        return false;
      }
    }
    return !new TileGradient(call, 1, 1).isTooLarge();
  }

  @Override
  public boolean isTooLarge() {
    Geometry geometry = call.geometry();
    double covers =
        (double) (lead(geometry.d()) + 1)
            * (lead(geometry.h()) + rows)
            * (lead(geometry.w()) + columns);
    int each = call.reduction().selects() ? 2 : call.reduction().given();
    double cells = (double) stride(geometry.h()) * rows * stride(geometry.w()) * columns;
    return covers * each > MOST_NUMBERS || cells > MOST_CELLS;
  }

  private static int stride(AxisRegions axis) {
    return ((WindowAxis) axis).stride();
  }

  /** How many outputs reach a cell besides the one whose stride it is in. */
  private static long lead(AxisRegions axis) {
    WindowAxis window = (WindowAxis) axis;
    return (window.kernel() - 1L) / window.stride();
  }

  private static long blocks(AxisRegions axis, int strides) {
    WindowAxis window = (WindowAxis) axis;
    long cells = window.inputSize() + (long) window.before();
    return Cuts.blocks(cells, (long) strides * window.stride());
  }

  @Override
  public Cuts cuts() {
    Geometry geometry = call.geometry();
    long across =
        vector() > 1
            ? geometry.w().inputSize() / ((long) columns * stride(geometry.w()))
            : blocks(geometry.w(), columns);
    return new Cuts(geometry.d().inputSize(), blocks(geometry.h(), rows), across);
  }

  /** How many cells are stored at once: rows must be whole blocks, and windows reach them. */
  private int vector() {
    WindowAxis w = (WindowAxis) call.geometry().w();
    long block = (long) columns * w.stride();
    boolean isAligned =
        call.problem().layout() == Layout.NCHW
            && w.inputSize() % block == 0
            && w.before() < w.kernel();
    return isAligned ? Tile.vector(call, block) : 1;
  }

  /** Whether a row of outputs has as many whole columns as there are blocks. */
  private boolean loadsRows() {
    long outputs = call.geometry().w().outputSize();
    return vector() > 1
        && (columns == 2 || columns == 4)
        && outputs % columns == 0
        && outputs >= cuts().across() * columns;
  }

  Launch launch() {
    Grid grid = Grid.of(call.problem(), cuts().perPlane());
    Macros macros =
        OutputLaunches.gatherMacros(call, grid)
            .windows(call.geometry())
            .put("ROWS", rows)
            .put("COLUMNS", columns)
            .flag("ROW_LOADS", call.isSelectionGradient() && loadsRows());
    if (vector() > 1) {
      macros.put("VECTOR", vector()).put("BEFORE_W", ((WindowAxis) call.geometry().w()).before());
    }
    List<KernelArgument> arguments = OutputLaunches.gatherArguments(call, grid);
    arguments.add(cuts().argument());
    String word = call.isSelectionGradient() ? "tile_selection_gradient" : "tile_gradient";
    return new Launch(
        word + ".cl", macros.values(), word, arguments, grid.global(), grid.local(call.device()));
  }
}
