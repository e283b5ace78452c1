package io.github.clpool.opencl;

import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Problem;
import io.github.clpool.op.WindowAxis;

/**
 * Gradients of windows that do not overlap: one work-item per output writes its window and the gap
 * behind it, so that nothing is searched or read twice.
 */
final class DisjointImplementation implements OpenClImplementation {
  /** A work-item that writes more cells than this keeps the others waiting. */
  private static final long MOST_CELLS = 64;

  @Override
  public String name() {
    return "disjoint";
  }

  @Override
  public Verdict accepts(Problem problem, DeviceProfile device) {
    if (problem.direction() != Direction.BACKWARD) {
      return refuse("it computes gradients only");
    }
    Geometry geometry = PoolFamily.geometry(problem);
    if (!geometry.isDisjoint()) {
      return refuse("regions overlap");
    }
    long cells = 1;
    for (int i = 0; i < 3; i++) {
      if (!(geometry.axis(i) instanceof WindowAxis axis) || axis.dilation() > 1) {
        return refuse("the regions are not windows without dilation");
      }
      // The last output also writes what lies behind its window.
      cells *= Math.max(axis.stride(), axis.inputSize() - axis.origin(axis.outputSize() - 1));
    }
    return cells <= MOST_CELLS
        ? accept("windows do not overlap")
        : refuse("an output writes up to " + cells + " cells, more than " + MOST_CELLS);
  }

  @Override
  public LaunchPlan plan(Problem problem, DeviceProfile device) {
    PoolFamily family = PoolFamily.of(problem);
    CellKernel kernel = CellKernel.perOutput("backward", family.buffers(problem));
    String word = family.word() + "_disjoint";
    return LaunchPlan.of(
        CellLaunch.of(word, family.macros(problem, device), kernel, problem, device));
  }
}
