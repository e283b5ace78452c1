package io.github.clpool.opencl.gpu;

import io.github.clpool.op.AxisRegions;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.WindowAxis;
import io.github.clpool.opencl.plan.Cuts;
import io.github.clpool.opencl.plan.Grid;
import io.github.clpool.opencl.plan.Launch;
import io.github.clpool.opencl.plan.Macros;
import io.github.clpool.opencl.plan.OutputLaunches;
import io.github.clpool.opencl.plan.PoolCall;
import io.github.clpool.tensor.Layout;

/**
 * The launch of a gradient over windows that do not overlap: cells side by side per work-item, as
 * {@code lib/disjoint.clh} finds what covers them. Immutable.
 *
 * @param call a gradient
 */
record DisjointGradient(PoolCall call) {
  /** Whether a cell has one output at most. */
  static boolean fits(PoolCall call) {
    return call.hasPlainWindows() && call.geometry().isDisjoint() && !call.reduction().isGated();
  }

  private Grid grid() {
    return Grid.of(call.problem().input(), call.problem().layout());
  }

  /** The cells of a work-item: of all planes, or in rows of a second dimension of each one. */
  private int vector() {
    Grid grid = grid();
    if (call.problem().layout() == Layout.NHWC) {
      return Cuts.vector(call.problem().type(), grid.channels());
    }
    long planes = grid.isLarge() ? 1 : call.problem().input().planeCount();
    int vector = Cuts.vector(call.problem().type(), grid.cells() * planes);
    while (vector > grid.cells() + 1) { // a cell is of the first one's plane, or of the next
      vector /= 2;
    }
    return vector;
  }

  /** Whether there is one output along an axis, of all cells. */
  private static boolean isCovered(AxisRegions axis) {
    WindowAxis window = (WindowAxis) axis;
    return window.outputSize() == 1 && window.kernel() - window.before() >= window.inputSize();
  }

  /** From one window to the next; behind the only one there is none, whatever its stride. */
  private static int apart(AxisRegions axis) {
    WindowAxis window = (WindowAxis) axis;
    return Math.max(window.stride(), window.kernel());
  }

  private static boolean isWhole(AxisRegions axis, int cells) {
    WindowAxis window = (WindowAxis) axis;
    return apart(window) % cells == 0
        && window.kernel() % cells == 0
        && window.before() % cells == 0;
  }

  Launch launch() {
    Grid grid = grid();
    int vector = vector();
    Geometry geometry = call.geometry();
    AxisRegions w = geometry.w();
    boolean wholeRows = w.inputSize() % vector == 0;
    Macros macros =
        OutputLaunches.gatherMacros(call, grid)
            .windows(geometry)
            .put("STRIDE_D", apart(geometry.d()))
            .put("STRIDE_H", apart(geometry.h()))
            .put("STRIDE_W", apart(w))
            .put("VECTOR", vector)
            .flag("FLAT", geometry.d().inputSize() == 1 && isCovered(geometry.d()))
            .flag("PER_PLANE", isCovered(geometry.d()) && isCovered(geometry.h()) && isCovered(w))
            .flag("WHOLE_ROWS", wholeRows)
            .flag("WHOLE_WINDOWS", wholeRows && isWhole(w, vector));
    String word = call.isSelectionGradient() ? "disjoint_selection_gradient" : "disjoint_gradient";
    return new Launch(
        word + ".cl",
        macros.values(),
        word,
        OutputLaunches.gatherArguments(call, grid),
        grid.global(vector, 1),
        grid.local(call.device()));
  }
}
