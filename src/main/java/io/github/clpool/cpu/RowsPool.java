package io.github.clpool.cpu;

import io.github.clpool.backend.Computation;
import io.github.clpool.backend.Implementation;
import io.github.clpool.backend.Verdict;
import io.github.clpool.exact.Sums;
import io.github.clpool.op.AxisRegions;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.op.WindowAxis;
import io.github.clpool.tensor.Bytes;
import io.github.clpool.tensor.Layout;

/**
 * Takes windows: a band of rows is folded along the height, then the depth, then the width, each
 * tap as one operation on long stretches of memory.
 */
record RowsPool(Fold fold, Powers powers) implements Implementation<Parallel, Computation> {
  /** What a band has at most: with what is made of it, it should stay in the L2 cache. */
  private static final int BAND_ELEMENTS = 1 << 14;

  /**
   * What the few rows of a window have at most before channels are cut, which costs a copy for each
   * cell: they should stay in the L2 cache.
   */
  private static final int WINDOW_ELEMENTS = 1 << 15;

  /** More rows are folded so often that they should rather stay in the L1 cache. */
  private static final int FEW_ROWS = 4;

  /** What a band of some rows should have: it stays in the L1 cache. */
  private static final int SMALL_BAND_ELEMENTS = 1 << 11;

  /** With fewer rows a band would mostly read what its neighbours read too. */
  private static final int FEWEST_ROWS = 8;

  /** Below either a plane that one window takes is folded faster cell by cell. */
  private static final int LONG_ROW = 48;

  private static final int LARGE_PLANE = 1 << 10;

  private static final long MOST_ELEMENTS = 1 << 24;
  private static final int MOST_TAPS = 256;
  private static final int MOST_STRIDE = 1024;

  /** Folds the cells themselves. */
  RowsPool(Fold fold) {
    this(fold, Powers.FIRST);
  }

  @Override
  public String name() {
    return "rows";
  }

  @Override
  public Verdict accepts(Problem problem, Parallel device) {
    Geometry geometry = problem.pool().geometry(problem.input());
    Direction direction = problem.direction();
    if (fold != Fold.SUM && direction == Direction.BACKWARD) {
      return refuse("a selection's gradient goes to the selected cells only");
    }
    if (!powers.arePlain() && direction == Direction.BACKWARD) {
      return refuse("the gradient of a norm needs its outputs");
    }
    if (problem.has(Role.INDICES)) {
      return refuse("it finds no indices");
    }
    int taps = fold == Fold.SUM ? Sums.BLOCK : MOST_TAPS;
    long mostCells = 1;
    for (int i = 0; i < 3; i++) {
      AxisRegions axis = geometry.axis(i);
      if (!(axis instanceof WindowAxis window)) {
        return refuse("the regions of an axis are no windows");
      }
      long reach = (window.kernel() - 1L) * window.dilation();
      if (reach + window.inputSize() > Integer.MAX_VALUE / 2) {
        return refuse("windows and cells of an axis reach over more than 2^30 positions");
      }
      if (window.kernel() > taps || window.stride() > MOST_STRIDE) {
        return refuse(
            "kernel %d and stride %d are above %d and %d"
                .formatted(window.kernel(), window.stride(), taps, MOST_STRIDE));
      }
      mostCells *= window.kernel();
    }
    if (fold == Fold.SUM && problem.type().isByte() && mostCells > Bytes.MOST_EXACT_IN_FLOAT) {
      return refuse("float does not hold the sum of %d cells exactly".formatted(mostCells));
    }
    Stencil width = stencil(problem, geometry, geometry.w());
    int targets = width.end() - width.first();
    if (width.span() > 3L * targets) {
      return refuse(
          "windows reach over %d outputs, but a row has %d".formatted(width.span(), targets));
    }
    long row = Stencils.rowSize(width, slabs(problem, geometry).lanes());
    if (row > MOST_ELEMENTS) {
      return refuse("a row of %d elements is above %d".formatted(row, MOST_ELEMENTS));
    }
    Stencils stencils = stencils(problem, geometry);
    return stencils.scratch() > MOST_ELEMENTS
        ? refuse(
            "scratch memory of %d elements is above %d"
                .formatted(stencils.scratch(), MOST_ELEMENTS))
        : accept("windows, folded in bands of %d rows".formatted(stencils.bandH()));
  }

  @Override
  public Computation plan(Problem problem, Parallel parallel) {
    Numbers<?> numbers =
        problem.type().isByte() ? new FloatNumbers(problem.type()) : Numbers.of(problem.type());
    return pass(problem, numbers, parallel);
  }

  private <A> Computation pass(Problem problem, Numbers<A> numbers, Parallel parallel) {
    Geometry geometry = problem.pool().geometry(problem.input());
    return new RowsPass<>(
            problem,
            stencils(problem, geometry),
            slabs(problem, geometry),
            numbers,
            fold,
            powers,
            parallel)
        .computation();
  }

  private static Slabs slabs(Problem problem, Geometry geometry) {
    if (problem.layout() == Layout.NCHW
        && problem.output().planeSize() == 1
        && problem.input().planeSize() < LARGE_PLANE) {
      return Slabs.ofPlanes(problem.input());
    }
    int rows = geometry.d().maxTaps() * geometry.h().maxTaps();
    int most = rows > FEW_ROWS ? BAND_ELEMENTS / 4 : WINDOW_ELEMENTS / rows;
    return Slabs.of(problem.input(), problem.layout(), geometry.w().inputSize(), most);
  }

  /** A plane's only window is seen as if others began behind it: no source is shifted then. */
  private static Stencil stencil(Problem problem, Geometry geometry, AxisRegions axis) {
    WindowAxis window = (WindowAxis) axis;
    int length = (window.kernel() - 1) * window.dilation() + 1;
    if (hasOneLargeWindow(problem, geometry) && length <= MOST_STRIDE) {
      window =
          new WindowAxis(
              window.inputSize(),
              1,
              window.kernel(),
              Math.max(window.stride(), length),
              window.before(),
              window.after(),
              window.dilation());
    }
    return Stencil.of(window, problem.direction());
  }

  private static boolean hasOneLargeWindow(Problem problem, Geometry geometry) {
    long lanes = slabs(problem, geometry).lanes();
    return problem.output().planeSize() == 1
        && geometry.w().inputSize() * lanes >= LONG_ROW
        && problem.input().planeSize() * lanes >= LARGE_PLANE;
  }

  private static Stencils stencils(Problem problem, Geometry geometry) {
    Stencil d = stencil(problem, geometry, geometry.d());
    Stencil h = stencil(problem, geometry, geometry.h());
    Stencil w = stencil(problem, geometry, geometry.w());
    int lanes = slabs(problem, geometry).lanes();
    long rows = Math.max(SMALL_BAND_ELEMENTS, FEWEST_ROWS * Stencils.rowSize(w, lanes));
    int elements = d.isIdentity() ? (int) Math.min(BAND_ELEMENTS, rows) : BAND_ELEMENTS;
    return Stencils.of(d, h, w, lanes, elements);
  }
}
