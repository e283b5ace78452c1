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
 * @param channels of so many neighbouring channels
 */
record TileGradient(PoolCall call, int rows, int columns, int channels)
    implements Shrinking<TileGradient> {
  /** More numbers of what outputs give than this would not stay in registers. */
  private static final int MOST_NUMBERS = 64;

  /** The same where registers are needed to compute with them. */
  private static final int MOST_COMPUTED = 40;

  /** So many divisions for each cell. */
  private static final double MOST_DIVISIONS = 2.5;

  /** From further apart, work-items read or write more lines than they use. */
  static final int FARTHEST = 4;

  /** More cells than this keep a work-item busy too long. */
  private static final int MOST_CELLS = 64;

  /**
   * The largest block that is worth while: where rows are aligned, or channels lie side by side,
   * one that stores vectors.
   */
  static TileGradient of(PoolCall call) {
    TileGradient block =
        Shrinking.halved(call.problem().layout() == Layout.NHWC ? deep(call) : wide(call));
    boolean storesVectors = block.vector() > 1 || block.channels > 1;
    return storesVectors ? block : Shrinking.halved(narrow(call));
  }

  /** Columns that fill a vector. More rows where little is kept of what covers them. */
  private static TileGradient wide(PoolCall call) {
    WindowAxis h = (WindowAxis) call.geometry().h();
    boolean isDense = stride(call.geometry().w()) == 1;
    boolean isHalf = call.problem().type().bytes() == Short.BYTES;
    boolean isHigh = h.stride() == 1 ? !call.isSelectionGradient() : isLight(call);
    return new TileGradient(
        call, Cuts.even(blocks(h, 1), isHigh ? 4 : 2), isDense || isHalf ? 4 : 2, 1);
  }

  /** Whether little is kept of what covers a cell. */
  private static boolean isLight(PoolCall call) {
    return call.reduction().given() <= 1 && lead(call.geometry().d()) == 0;
  }

  /** Channels that fill a vector; fewer where much is kept of what covers them. */
  private static TileGradient deep(PoolCall call) {
    Geometry geometry = call.geometry();
    boolean isDense = stride(geometry.h()) == 1 && stride(geometry.w()) == 1;
    boolean keepsMore = call.reduction().given() > 1;
    boolean isShared = lead(geometry.h()) + lead(geometry.w()) > 0;
    int most = isShared && keepsMore || isDense && call.isSelectionGradient() ? 1 : isDense ? 2 : 4;
    return new TileGradient(
        call,
        Cuts.even(blocks(geometry.h(), 1), keepsMore ? 1 : 2),
        Cuts.even(blocks(geometry.w(), 1), isDense ? 2 : 1),
        Shrinking.neighbours(call, most));
  }

  private static TileGradient narrow(PoolCall call) {
    WindowAxis h = (WindowAxis) call.geometry().h();
    WindowAxis w = (WindowAxis) call.geometry().w();
    boolean shares = h.stride() < h.kernel();
    boolean isLine = h.inputSize() == 1;
    int rows = !shares ? 1 : h.stride() == 1 || isLight(call) ? 4 : 2;
    int columns = shares && h.stride() == 1 && w.stride() == 1 ? 2 : 1;
    return new TileGradient(
        call,
        Cuts.even(blocks(h, 1), rows),
        Cuts.even(blocks(w, 1), isLine ? Math.max(FARTHEST / w.stride(), 1) : columns),
        1);
  }

  @Override
  public TileGradient with(int otherRows, int otherColumns, int otherChannels) {
    return new TileGradient(call, otherRows, otherColumns, otherChannels);
  }

  /** Whether the smallest block fits into registers, and windows have no dilation. */
  static boolean fits(PoolCall call) {
    if (!call.hasPlainWindows()) {
      return false;
    }
    TileGradient least = new TileGradient(call, 1, 1, 1);
    return least.numbers() <= MOST_NUMBERS && least.cells() <= MOST_CELLS;
  }

  @Override
  public boolean isTooLarge() {
    boolean computes = call.reduction().given() > 1;
    return numbers() > (computes ? MOST_COMPUTED : MOST_NUMBERS) || cells() > MOST_CELLS;
  }

  /** What outputs that cover it give. */
  private double numbers() {
    int each = call.reduction().selects() ? 2 : call.reduction().given();
    return covers() * each;
  }

  private double covers() {
    Geometry geometry = call.geometry();
    double slices = lead(geometry.d()) + 1;
    return slices * (lead(geometry.h()) + rows) * (lead(geometry.w()) + columns) * channels;
  }

  /** Whether it finds itself what outputs give: dividing more often costs more than memory. */
  boolean givesAtOnce() {
    return call.givesWithoutStatistics() && covers() <= MOST_DIVISIONS * cells();
  }

  private double cells() {
    double strides = (double) stride(call.geometry().h()) * stride(call.geometry().w());
    return strides * rows * columns * channels;
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
    return isAligned ? Cuts.vector(call.problem().type(), block, w.inputSize()) : 1;
  }

  /** Whether a row of outputs has as many whole columns as there are blocks. */
  private boolean loadsRows() {
    long outputs = call.geometry().w().outputSize();
    return vector() > 1
        && (columns == 2 || columns == 4)
        && outputs % columns == 0
        && outputs >= cuts().across() * columns;
  }

  /** Whether no row is cut off, of cells or of the outputs that begin among them. */
  private boolean isUncut() {
    WindowAxis h = (WindowAxis) call.geometry().h();
    return h.before() == 0
        && h.inputSize() % (rows * h.stride()) == 0
        && h.outputSize() >= h.inputSize() / h.stride();
  }

  Launch launch() {
    Grid grid = Grid.of(call.problem(), cuts().perPlane()).ofNeighbours(channels);
    boolean atOnce = givesAtOnce();
    Macros macros =
        OutputLaunches.gatherMacros(call, grid)
            .windows(call.geometry())
            .flat(call.geometry())
            .inside(call.geometry())
            .put("ROWS", rows)
            .put("COLUMNS", columns)
            .channels(channels)
            .flag("UNCUT", isUncut())
            .flag("GIVEN_AT_ONCE", atOnce)
            .flag("ROW_LOADS", (call.isSelectionGradient() || atOnce) && loadsRows());
    if (vector() > 1) {
      macros.put("VECTOR", vector()).put("BEFORE_W", ((WindowAxis) call.geometry().w()).before());
    }
    List<KernelArgument> arguments = OutputLaunches.gatherArguments(call, grid, atOnce);
    arguments.add(cuts().argument());
    String word = call.isSelectionGradient() ? "tile_selection_gradient" : "tile_gradient";
    return new Launch(
        word + ".cl", macros.values(), word, arguments, grid.global(), grid.local(call.device()));
  }
}
