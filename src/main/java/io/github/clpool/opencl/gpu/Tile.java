package io.github.clpool.opencl.gpu;

import io.github.clpool.op.AxisRegions;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.WindowAxis;
import io.github.clpool.opencl.plan.Cuts;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.Macros;
import io.github.clpool.opencl.plan.PoolCall;
import io.github.clpool.tensor.Layout;

/**
 * Rows and columns of outputs that a work-item of {@code tile.cl} makes. Immutable.
 *
 * @param call a call over windows
 * @param rows how many outputs one under the other
 * @param columns and how many side by side
 */
record Tile(PoolCall call, int rows, int columns) implements Shrinking<Tile> {
  /** More cells than this would not stay in registers. */
  static final int MOST_CELLS = 64;

  /** What a work-item loads or stores at once at most. */
  private static final int VECTOR_BYTES = 16;

  /** The largest tile that is worth while: where rows are aligned, one that loads vectors. */
  static Tile of(PoolCall call) {
    Tile wide = Shrinking.halved(wide(call));
    return wide.vector() > 1 && !selectsSideBySide(call) ? wide : Shrinking.halved(narrow(call));
  }

  /** Compilers for processors select for neighbouring work-items at once, but not from vectors. */
  private static boolean selectsSideBySide(PoolCall call) {
    boolean isProcessor = call.device().kind() == DeviceProfile.Kind.CPU;
    return isProcessor && call.isForward() && !call.wantsValuesOnly();
  }

  /** Columns that fill a vector. More rows where they share cells, and little else is kept. */
  private static Tile wide(PoolCall call) {
    boolean isDense = isDense(call.geometry().w());
    boolean isHalf = call.problem().type().bytes() == Short.BYTES;
    int rows = !isDense ? 2 : isCostly(call) ? 1 : call.wantsValuesOnly() ? 4 : 2;
    int columns = isDense || isHalf ? 4 : 2;
    return new Tile(call, Cuts.even(call.geometry().h().outputSize(), rows), columns);
  }

  /** Columns of cells that work-items share side by side; costly reductions share too little. */
  private static Tile narrow(PoolCall call) {
    WindowAxis h = (WindowAxis) call.geometry().h();
    WindowAxis w = (WindowAxis) call.geometry().w();
    if (isCostly(call)) {
      return new Tile(call, 1, 1);
    }
    boolean shares = h.stride() < PoolCall.effective(h);
    boolean isLine = h.outputSize() == 1;
    int columns =
        isLine ? TileGradient.FARTHEST / w.stride() : shares && isDense(h) && isDense(w) ? 2 : 1;
    return new Tile(
        call,
        Cuts.even(h.outputSize(), shares ? 4 : 2),
        Cuts.even(w.outputSize(), Math.max(columns, 1)));
  }

  @Override
  public Tile with(int otherRows, int otherColumns) {
    return new Tile(call, otherRows, otherColumns);
  }

  @Override
  public boolean isTooLarge() {
    return cells() > MOST_CELLS;
  }

  private static boolean isCostly(PoolCall call) {
    return call.reduction().given() > 2;
  }

  private static boolean isDense(AxisRegions axis) {
    return ((WindowAxis) axis).stride() == 1;
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
    return macros
        .put("ROWS", rows)
        .put("COLUMNS", columns)
        .flag("ROW_STORES", storesRows())
        .flag("WHOLE", isWhole());
  }

  /** Whether no window leaves its plane, and no tile is cut off. */
  private boolean isWhole() {
    Geometry geometry = call.geometry();
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

  /** How many cells are loaded at once: the strides of all tiles must lie in the plane. */
  private int vector() {
    WindowAxis w = (WindowAxis) call.geometry().w();
    long strides = (long) columns * w.stride();
    boolean isInside = cuts().across() * strides <= w.inputSize();
    return isInside && !isChannelsLast() ? vector(call, strides) : 1;
  }

  /** The longest vector at whose multiples rows begin, and blocks of so many cells in them. */
  static int vector(PoolCall call, long cells) {
    int vector = VECTOR_BYTES / call.problem().type().bytes();
    while (cells % vector != 0 || call.geometry().w().inputSize() % vector != 0) {
      vector /= 2;
    }
    return vector;
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
