package io.github.clpool.cpu;

import io.github.clpool.backend.Computation;
import io.github.clpool.backend.Implementation;
import io.github.clpool.backend.Verdict;
import io.github.clpool.exact.Sums;
import io.github.clpool.op.AxisRegions;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.op.WindowAxis;
import io.github.clpool.tensor.DataType;

/**
 * Takes windows: some rows of outputs side by side, tap after tap, each as one operation on long
 * stretches of memory.
 */
record SoftWindowRows() implements Implementation<Parallel, Computation> {
  /** So many outputs side by side that loops are long and all taps of small windows in the L1. */
  private static final int OUTPUTS = 512;

  private static final long MOST_ELEMENTS = 1 << 20;

  @Override
  public String name() {
    return "window_rows";
  }

  @Override
  public Verdict accepts(Problem problem, Parallel device) {
    Pool pool = problem.pool();
    if (problem.direction() != Direction.FORWARD) {
      return refuse("it computes no gradients");
    }
    if (problem.type() == DataType.FLOAT64) {
      return refuse("it computes in float only");
    }
    Geometry geometry = pool.geometry(problem.input());
    AxisRegions d = geometry.d();
    if (d.inputSize() != 1 || d.outputSize() != 1 || d.maxTaps() != 1) {
      return refuse("there are regions along the depth");
    }
    if (!(geometry.h() instanceof WindowAxis h) || !(geometry.w() instanceof WindowAxis w)) {
      return refuse("the regions are not windows");
    }
    if (h.kernel() > Sums.BLOCK || w.kernel() > Sums.BLOCK) {
      return refuse("a window has more than " + Sums.BLOCK + " cells along an axis");
    }
    long reach = (w.outputSize() - 1L) * w.stride() + (w.kernel() - 1L) * w.dilation();
    long outputs = Math.max(OUTPUTS, w.outputSize());
    long elements = reach + w.before() + w.inputSize() + outputs * h.kernel() * w.kernel();
    if (elements > MOST_ELEMENTS) {
      return refuse(
          "the taps of a row take %d elements, more than %d".formatted(elements, MOST_ELEMENTS));
    }
    return geometry.hasWindowsInPadding() || hasEmpty(h) || hasEmpty(w)
        ? refuse("a region is empty")
        : accept("windows, tap after tap");
  }

  private static boolean hasEmpty(WindowAxis axis) {
    for (int o = 0; axis.dilation() > 1 && o < axis.outputSize(); o++) {
      if (axis.taps(o) == 0) {
        return true;
      }
    }
    return false;
  }

  /** The memory of one thread. */
  private record Workspace(TapRows taps, SoftRows soft) {}

  @Override
  public Computation plan(Problem problem, Parallel parallel) {
    Geometry geometry = problem.pool().geometry(problem.input());
    FloatNumbers numbers = new FloatNumbers(problem.type());
    int height = geometry.h().outputSize();
    int width = geometry.w().outputSize();
    int band = Math.min(height, Math.max(1, OUTPUTS / width));
    int bands = (height - 1) / band + 1;
    return arguments -> {
      Planes x = Planes.of(arguments.get(Role.INPUT));
      Planes y = Planes.of(arguments.get(Role.OUTPUT));
      parallel.run(
          x.count() * bands,
          x.shape().elements() + y.shape().elements(),
          () ->
              new Workspace(
                  new TapRows(numbers, geometry, band, Float.NEGATIVE_INFINITY),
                  new SoftRows(band * width)),
          (workspace, item) -> {
            int plane = item / bands;
            int first = item % bands * band;
            int rows = Math.min(band, height - first);
            workspace.taps.load(x, plane, first, rows);
            float[] outputs = workspace.soft.reduce(workspace.taps, rows * width);
            int to = y.start(plane) + first * width * y.step();
            numbers.store(outputs, 0, y.storage(), to, y.step(), rows * width);
          });
    };
  }
}
