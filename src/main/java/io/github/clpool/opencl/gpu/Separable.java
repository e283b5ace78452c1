package io.github.clpool.opencl.gpu;

import static java.util.Comparator.reverseOrder;

import io.github.clpool.op.Role;
import io.github.clpool.op.WindowAxis;
import io.github.clpool.opencl.plan.Cuts;
import io.github.clpool.opencl.plan.Grid;
import io.github.clpool.opencl.plan.Launch;
import io.github.clpool.opencl.plan.Macros;
import io.github.clpool.opencl.plan.PoolCall;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;

/**
 * Blocks of windows whose columns and rows a work-group folds, as {@code lib/separable.clh} does.
 * Immutable.
 *
 * @param call a call over windows
 * @param ofOutputs whether they are those of outputs; else those of cells, all of whose outputs
 *     count for the gradient of an average
 * @param rows the windows for which a work-item folds a column, as many as a block has rows
 * @param columns the windows for which it folds a row
 * @param width the columns of a block, a multiple of those
 */
record Separable(PoolCall call, boolean ofOutputs, int rows, int columns, int width) {
  /** Windows for which a work-item folds a column or a row, and the cells that it keeps for it. */
  private static final int MOST_FOLDED = 16;

  private static final int MOST_CELLS = 40;

  /** For fewer, it reads many more cells than it folds; more work-items do not make up for that. */
  private static final int FEW_FOLDED = 4;

  private static final int MOST_COLUMNS = 64;
  private static final int MOST_ITEMS = 256;
  private static final int WARP = 32;

  /** The largest block that is worth while; smaller, if too few work-items would be busy. */
  static Separable of(PoolCall call, boolean ofOutputs) {
    Separable one = new Separable(call, ofOutputs, 1, 1, 1);
    int rows = folded(one.h(), one.windowsH());
    int columns = folded(one.w(), one.windowsW());
    Separable block = new Separable(call, ofOutputs, rows, columns, 1).ofWidth(MOST_COLUMNS);
    while (block.isTooLarge() || block.hasFewItems()) {
      block = block.smaller();
    }
    return block;
  }

  /** Of windows that have cells in common, so many as to read and fold the fewest cells in all. */
  private static int folded(WindowAxis axis, int windows) {
    long common = axis.dilation() > 1 ? MOST_FOLDED : (axis.kernel() - 1L) / axis.stride() + 1;
    long fitting = (MOST_CELLS - PoolCall.effective(axis)) / axis.stride() + 1;
    long most = Math.max(Math.min(Math.min(common, fitting), MOST_FOLDED), 1);
    return least(most, count -> Cuts.blocks(windows, count) * (span(axis, count) + count));
  }

  /** The number up to another one that has the least cost, the largest of them. */
  private static int least(long most, IntToLongFunction cost) {
    return IntStream.rangeClosed(1, (int) most)
        .boxed()
        .min(Comparator.<Integer>comparingLong(cost::applyAsLong).thenComparing(reverseOrder()))
        .orElseThrow();
  }

  private Separable ofWidth(int most) {
    long segments = Cuts.blocks(windowsW(), columns);
    int times =
        least(
            Math.max(Math.min(most / columns, segments), 1),
            count -> Cuts.blocks(segments, count) * span(w(), columns * count));
    return new Separable(call, ofOutputs, rows, columns, columns * times);
  }

  private Separable smaller() {
    if (isTooLarge() && width > columns) {
      return ofWidth(width / 2);
    }
    return rows >= columns
        ? new Separable(call, ofOutputs, Cuts.even(windowsH(), rows / 2), columns, width)
        : new Separable(call, ofOutputs, rows, Cuts.even(windowsW(), columns / 2), 1)
            .ofWidth(isTooLarge() ? columns : MOST_COLUMNS);
  }

  /** Whether a work-group has not enough work-items or local memory for a block. */
  private boolean isTooLarge() {
    return rows * columns > 1
        && (Math.max(rowFolds(), owners()) > mostItems()
            || localBytes(1) > call.device().localMemory());
  }

  private boolean hasFewItems() {
    return !call.device().isProcessor()
        && Math.max(rows, columns) >= 2 * FEW_FOLDED
        && allBlocks() * items() < call.device().busyItems();
  }

  private long mostItems() {
    return Math.min(MOST_ITEMS, call.device().maxWorkGroup());
  }

  private WindowAxis h() {
    return (WindowAxis) call.geometry().h();
  }

  private WindowAxis w() {
    return (WindowAxis) call.geometry().w();
  }

  private int windowsH() {
    return ofOutputs ? h().outputSize() : h().inputSize();
  }

  private int windowsW() {
    return ofOutputs ? w().outputSize() : w().inputSize();
  }

  /** The columns of what is folded. */
  private int planeW() {
    return ofOutputs ? w().inputSize() : w().outputSize();
  }

  /** Whether a block has all windows of a row, which leave out no column. */
  private boolean spansPlaneW() {
    return width >= windowsW() && planeW() <= span(w(), width);
  }

  private long columnFolds() {
    return spansPlaneW() ? planeW() : span(w(), width);
  }

  private long rowFolds() {
    return (long) width / columns * rows;
  }

  private static long span(WindowAxis axis, int windows) {
    return (windows - 1L) * axis.stride() + PoolCall.effective(axis);
  }

  /** The cells that a work-item has for a column. */
  long cellsOfColumn() {
    return span(h(), rows);
  }

  /** The windows that a work-item has, if that leaves enough of them; a term needs all for one. */
  private int ownRows() {
    if (call.device().isProcessor() || call.problem().has(Role.GRAD_WEIGHTS)) {
      return 1;
    }
    return IntStream.rangeClosed(1, rows)
        .filter(own -> rows % own == 0 && 2L * (rows / own) * width >= columnFolds())
        .max()
        .orElse(1);
  }

  private long owners() {
    return (long) rows / ownRows() * width;
  }

  private long items() {
    return Math.max(columnFolds(), Math.max(rowFolds(), owners()));
  }

  /**
   * As many blocks as fill warps best; of channels that lie side by side a power of 2. One, where
   * cells count for what weights of their plane say.
   */
  private int blocks() {
    boolean channelsLast = call.problem().layout() == Layout.NHWC;
    if (call.device().isProcessor() || call.problem().has(Role.WEIGHTS)) {
      return 1;
    }
    return IntStream.rangeClosed(1, (int) Math.max(mostItems() / items(), 1))
        .filter(blocks -> !channelsLast || Integer.bitCount(blocks) == 1)
        .filter(blocks -> localBytes(blocks) <= call.device().localMemory())
        .filter(blocks -> blocks == 1 || allBlocks() / blocks >= call.device().computeUnits())
        .boxed()
        .max(Comparator.comparingDouble(blocks -> (double) blocks * items() / group(blocks)))
        .orElse(1);
  }

  private long group(int blocks) {
    return Math.min(mostItems(), (blocks * items() + WARP - 1) / WARP * WARP);
  }

  long group() {
    return group(blocks());
  }

  long localBytes() {
    return localBytes(blocks());
  }

  private long localBytes(int blocks) {
    long pitch = Math.max(columnFolds(), width) | 1;
    int bytes = call.problem().type() == DataType.FLOAT64 ? Double.BYTES : Float.BYTES;
    return blocks * rows * pitch * (2 * bytes + Integer.BYTES);
  }

  /** How planes are cut into blocks. */
  Cuts cuts() {
    int slices = ofOutputs ? call.geometry().d().outputSize() : call.geometry().d().inputSize();
    return new Cuts(slices, Cuts.blocks(windowsH(), rows), Cuts.blocks(windowsW(), width));
  }

  private long allBlocks() {
    return cuts().perPlane() * call.problem().input().planeCount();
  }

  Grid grid() {
    return Grid.of(call.problem(), cuts().perPlane(), (group() - 1) / blocks() + 1);
  }

  List<Long> global() {
    return grid().global(blocks(), group());
  }

  /** Tells the kernel. */
  Macros addTo(Macros macros) {
    macros
        .windows(call.geometry())
        .flat(call.geometry())
        .put("ROWS", rows)
        .put("COLUMNS", columns)
        .put("BLOCK_W", width)
        .put("BLOCKS", blocks())
        .put("OWN_ROWS", ownRows())
        .flag("UNCUT", windowsH() % rows == 0 && windowsW() % width == 0)
        .put(Launch.GROUP, group());
    if (rows >= windowsH()) {
      putPlane(macros, "H", h());
    }
    if (spansPlaneW()) {
      putPlane(macros, "W", w());
    }
    return macros;
  }

  private void putPlane(Macros macros, String name, WindowAxis axis) {
    macros
        .put("PLANE_" + name, ofOutputs ? axis.inputSize() : axis.outputSize())
        .put("BEFORE_" + name, ofOutputs ? axis.before() : axis.kernel() - 1 - axis.before());
  }
}
