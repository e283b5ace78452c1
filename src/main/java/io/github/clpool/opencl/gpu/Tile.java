package io.github.clpool.opencl.gpu;

import io.github.clpool.op.AxisRegions;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Role;
import io.github.clpool.op.WindowAxis;
import io.github.clpool.opencl.plan.Cuts;
import io.github.clpool.opencl.plan.Macros;
import io.github.clpool.opencl.plan.PoolCall;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;

/**
 * Rows and columns of outputs that a work-item of {@code tile.cl} makes. Immutable.
 *
 * @param call a call over windows
 * @param rows how many outputs one under the other
 * @param columns and how many side by side
 * @param channels of so many neighbouring channels
 */
record Tile(PoolCall call, int rows, int columns, int channels) implements Shrinking<Tile> {
  /** More cells than this would not stay in registers. */
  static final int MOST_CELLS = 64;

  /** The same where more is kept than the greatest of them, of one register each, and of two. */
  private static final int MOST_SUMMED = 54;

  private static final int MOST_PAIRS = 24;

  /**
   * The largest tile that is worth while: where rows are aligned, or channels lie side by side, one
   * that loads vectors.
   */
  static Tile of(PoolCall call) {
    Tile tile = Shrinking.halved(call.problem().layout() == Layout.NHWC ? deep(call) : wide(call));
    boolean loadsVectors = tile.vector() > 1 || tile.channels > 1;
    return loadsVectors && !selectsSideBySide(call) ? tile : Shrinking.halved(narrow(call));
  }

  /** Compilers for processors select for neighbouring work-items at once, but not from vectors. */
  private static boolean selectsSideBySide(PoolCall call) {
    return call.device().isProcessor() && call.isForward() && !call.wantsValuesOnly();
  }

  private static boolean isHalf(PoolCall call) {
    return call.problem().type().bytes() == Short.BYTES;
  }

  /**
   * Columns that fill a vector, or take a block of random numbers. More rows where columns share
   * cells or rows share none, and little else is kept.
   */
  private static Tile wide(PoolCall call) {
    boolean isDense = isDense(call.geometry().w());
    boolean sharesOnce = isDense || !shares(call.geometry().h());
    int rows = isDense && isCostly(call) ? 1 : isLight(call) && sharesOnce ? 4 : 2;
    int columns = isDense || isHalf(call) || call.reduction().inOrder() ? 4 : 2;
    return new Tile(call, Cuts.even(call.geometry().h().outputSize(), rows), columns, 1);
  }

  /** Channels that fill a vector, or half of one where columns that share much do. */
  private static Tile deep(PoolCall call) {
    Geometry geometry = call.geometry();
    boolean keepsMore = call.reduction().given() > 1;
    boolean isDense = isDense(geometry.h()) && isDense(geometry.w()) && !keepsMore;
    int rows = isDense ? 2 : 1;
    boolean isMaximum = call.wantsValuesOnly() && call.reduction().isMaximum();
    int columns = keepsMore ? 1 : isDense && isMaximum ? 4 : 2;
    int most = isDense || call.problem().type() == DataType.FLOAT64 ? 2 : 4;
    return new Tile(
        call,
        Cuts.even(geometry.h().outputSize(), rows),
        Cuts.even(geometry.w().outputSize(), columns),
        Shrinking.neighbours(call, most));
  }

  /**
   * Columns of cells that work-items share side by side, of halves twice as many; costly reductions
   * share too little.
   */
  private static Tile narrow(PoolCall call) {
    WindowAxis h = (WindowAxis) call.geometry().h();
    WindowAxis w = (WindowAxis) call.geometry().w();
    if (isCostly(call)) {
      return new Tile(call, 1, 1, 1);
    }
    boolean isDense = isDense(h) && isDense(w);
    boolean isBroad =
        isHalf(call) && !call.device().isProcessor() && 2 * w.stride() <= TileGradient.FARTHEST;
    boolean isHigh = shares(h) ? isDense || !isBroad : isLight(call);
    int columns =
        h.outputSize() == 1
            ? TileGradient.FARTHEST / w.stride()
            : shares(h) && (isDense || isBroad) ? 2 : 1;
    return new Tile(
        call,
        Cuts.even(h.outputSize(), isHigh ? 4 : 2),
        Cuts.even(w.outputSize(), Math.max(columns, 1)),
        1);
  }

  @Override
  public Tile with(int otherRows, int otherColumns, int otherChannels) {
    return new Tile(call, otherRows, otherColumns, otherChannels);
  }

  @Override
  public boolean isTooLarge() {
    if (call.reduction().isMaximum()) {
      return cells() * channels > MOST_CELLS;
    }
    return cells() * channels > (isOfPairs() ? MOST_PAIRS : MOST_SUMMED);
  }

  private static boolean isCostly(PoolCall call) {
    return call.reduction().given() > 2;
  }

  /** Whether little more is kept of windows than what is folded of their cells. */
  private static boolean isLight(PoolCall call) {
    boolean folds = call.reduction().isMaximum() || call.reduction().sums();
    return call.wantsValuesOnly() && folds && !isCostly(call);
  }

  private static boolean isDense(AxisRegions axis) {
    return ((WindowAxis) axis).stride() == 1;
  }

  /** Whether neighbouring windows have cells in common. */
  private static boolean shares(AxisRegions axis) {
    return ((WindowAxis) axis).stride() < PoolCall.effective(axis);
  }

  /** Whether a cell takes two registers, or has a logit. */
  private boolean isOfPairs() {
    return call.problem().type().bytes() == Double.BYTES || call.problem().has(Role.LOGITS);
  }

  /** The cells that its windows span. */
  long cells() {
    Geometry geometry = call.geometry();
    double slice = (double) reach(geometry.h(), rows) * reach(geometry.w(), columns);
    return (long) (slice * ((WindowAxis) geometry.d()).kernel());
  }

  private static long reach(AxisRegions axis, int outputs) {
    WindowAxis window = (WindowAxis) axis;
    return (outputs - 1L) * window.stride() + PoolCall.effective(window);
  }

  @Override
  public Cuts cuts() {
    Geometry geometry = call.geometry();
    return new Cuts(
        geometry.d().outputSize(),
        Cuts.blocks(geometry.h().outputSize(), rows),
        Cuts.blocks(geometry.w().outputSize(), columns));
  }

  /** Tells the kernel. */
  Macros addTo(Macros macros) {
    if (vector() > 1) {
      macros.put("VECTOR", vector()).put("BEFORE_W", ((WindowAxis) call.geometry().w()).before());
    }
    Geometry geometry = call.geometry();
    boolean isUncut =
        geometry.h().outputSize() % rows == 0 && geometry.w().outputSize() % columns == 0;
    return macros
        .inside(geometry)
        .put("ROWS", rows)
        .put("COLUMNS", columns)
        .channels(channels)
        .flag("ROW_STORES", storesRows())
        .flag("HALF_WORDS", keepsWords())
        .flag("ONE_SIDED", call.reduction().isMedian() && leavesOneSide())
        .flag("UNCUT", isUncut);
  }

  /** How many cells are loaded at once: the strides of all tiles must lie in the plane. */
  private int vector() {
    WindowAxis w = (WindowAxis) call.geometry().w();
    long strides = (long) columns * w.stride();
    boolean isInside = cuts().across() * strides <= w.inputSize();
    return isInside && !isChannelsLast()
        ? Cuts.vector(call.problem().type(), strides, w.inputSize())
        : 1;
  }

  /** Whether halves are kept as words, of which only keys are asked. */
  private boolean keepsWords() {
    return isHalf(call)
        && call.reduction().isMaximum()
        && call.wantsValuesOnly()
        && !call.device().isProcessor();
  }

  /** Whether no window, of odd sizes, leaves its plane on two opposite sides. */
  private boolean leavesOneSide() {
    for (int i = 0; i < 3; i++) {
      WindowAxis axis = (WindowAxis) call.geometry().axis(i);
      boolean isOdd = axis.kernel() % 2 == 1 && (i > 0 || axis.kernel() == 1);
      if (!isOdd || axis.inputSize() < PoolCall.effective(axis)) {
        return false;
      }
    }
    return true;
  }

  private boolean storesRows() {
    return !isChannelsLast()
        && (columns == 2 || columns == 4)
        && call.geometry().w().outputSize() % columns == 0;
  }

  private boolean isChannelsLast() {
    return call.problem().layout() == Layout.NHWC;
  }
}
