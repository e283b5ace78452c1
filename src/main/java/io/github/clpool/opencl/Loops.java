package io.github.clpool.opencl;

import io.github.clpool.op.AxisRegions;
import io.github.clpool.op.Fractional;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;

/**
 * How often the loops of a work-item go round at most, counted as a device counts that ends them
 * early: all loops together, the last check of each too. Stateless.
 */
final class Loops {
  /**
   * Where places differ, the outputs that cover a cell are found by two short searches per axis.
   */
  private static final long SEARCHES = 3 * 2 * (Integer.SIZE + 1);

  private Loops() {}

  /** Loops inside each other, the outermost first. */
  static long nest(long... counts) {
    double total = 0;
    for (int i = counts.length - 1; i >= 0; i--) {
      total = counts[i] * (total + 1) + 2;
    }
    return (long) total; // the largest long, if it is more
  }

  /** Over a region, or for gradients the outputs that cover a cell. */
  static long overRegions(Problem problem) {
    return overRegions(problem, PoolFamily.isForward(problem));
  }

  /**
   * Over the region of an output, or over the outputs that cover a cell: in flat order or, where
   * there are sums, perhaps in theirs.
   */
  static long overRegions(Problem problem, boolean perOutput) {
    long d = most(problem, 0, perOutput);
    long h = most(problem, 1, perOutput);
    long w = most(problem, 2, perOutput);
    boolean sums = PoolFamily.of(problem).sums();
    return Math.max(nest(d, h, w), sums ? nest(w, d, h) : 0) + (perOutput ? 0 : searches(problem));
  }

  private static long searches(Problem problem) {
    return ((Pool) problem.operator()).regions() instanceof Fractional ? SEARCHES : 0;
  }

  /** The most cells of a region, or for gradients the most outputs that cover a cell. */
  static long positions(Problem problem) {
    boolean forward = PoolFamily.isForward(problem);
    return most(problem, 0, forward) * most(problem, 1, forward) * most(problem, 2, forward);
  }

  private static long most(Problem problem, int axis, boolean perOutput) {
    Geometry geometry = PoolFamily.geometry(problem);
    AxisRegions regions = geometry.axis(axis);
    return perOutput ? regions.maxTaps() : regions.maxCovers();
  }
}
