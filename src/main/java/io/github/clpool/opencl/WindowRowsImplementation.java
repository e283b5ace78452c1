package io.github.clpool.opencl;

import io.github.clpool.backend.Verdict;
import io.github.clpool.op.AxisRegions;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.op.WindowAxis;
import io.github.clpool.tensor.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Rows of outputs on a CPU for reductions whose windows share nothing: neighbouring outputs side by
 * side, tap after tap.
 */
final class WindowRowsImplementation implements OpenClImplementation {
  /** A window's row is unrolled. */
  private static final int MOST_UNROLLED = 32;

  /** Each phase of a gradient's stride has a sum in a register. */
  private static final int MOST_GRADIENT_STRIDE = 16;

  @Override
  public String name() {
    return "window_rows";
  }

  @Override
  public Verdict accepts(Problem problem, DeviceProfile device) {
    if (!(PoolFamily.of(problem) instanceof WindowRowsFamily family) || !family.hasRows(problem)) {
      return refuse("it has no kernel for that");
    }
    if (problem.layout() != Layout.NCHW) {
      return refuse("the layout is " + problem.layout());
    }
    Optional<String> sumsRefusal = family.plainSumsRefusal(problem, device);
    if (sumsRefusal.isPresent()) {
      return refuse(sumsRefusal.get());
    }
    Geometry geometry = PoolFamily.geometry(problem);
    AxisRegions d = geometry.d();
    if (d.inputSize() != 1 || d.outputSize() != 1 || d.maxTaps() != 1) {
      return refuse("there are regions along the depth");
    }
    if (!(geometry.h() instanceof WindowAxis h) || !(geometry.w() instanceof WindowAxis w)) {
      return refuse("the regions are not windows");
    }
    if (w.kernel() > MOST_UNROLLED) {
      return refuse("windows are wider than " + MOST_UNROLLED + " cells");
    }
    if (problem.direction() == Direction.BACKWARD && w.stride() > MOST_GRADIENT_STRIDE) {
      return refuse("the stride along the width is more than " + MOST_GRADIENT_STRIDE);
    }
    WindowRowBuffers buffers = WindowRowBuffers.of(problem, family);
    if (!buffers.fit()) {
      return refuse(
          "rows take %d bytes of a work-item, more than %d"
              .formatted(buffers.bytes(), buffers.mostBytes()));
    }
    return hasEmpty(h) || hasEmpty(w)
        ? refuse("a region is empty")
        : accept("rows fit into private buffers");
  }

  private static boolean hasEmpty(WindowAxis axis) {
    for (int o = 0; axis.dilation() > 1 && o < axis.outputSize(); o++) {
      if (axis.taps(o) == 0) {
        return true;
      }
    }
    return false;
  }

  private static RowShares shares(Problem problem, DeviceProfile device) {
    AxisRegions h = PoolFamily.geometry(problem).h();
    int rows = PoolFamily.isForward(problem) ? h.outputSize() : h.inputSize();
    return RowShares.of(problem, rows, device);
  }

  @Override
  public long iterations(Problem problem, DeviceProfile device) {
    Geometry geometry = PoolFamily.geometry(problem);
    WindowRowsFamily family = (WindowRowsFamily) PoolFamily.of(problem);
    WindowRowBuffers buffers = WindowRowBuffers.of(problem, family);
    RowShares shares = shares(problem, device);
    AxisRegions h = geometry.h();
    AxisRegions w = geometry.w();
    long outputs = Loops.nest(4, h.maxTaps(), w.maxTaps(), w.outputSize());
    long cells = Loops.nest(h.maxTaps(), w.inputSize());
    if (PoolFamily.isForward(problem)) {
      return Loops.nest(shares.planesPerItem(), shares.rowsPerItem(), outputs + cells)
          + 2 * buffers.rows();
    }
    // Each of them is put away, and cleared, once for each row of cells.
    long sums = family.rowSums() * (buffers.sums() + Loops.nest(w.inputSize(), w.maxTaps() + 2));
    long rows = shares.rowsPerItem() + h.maxTaps() * (long) h.step();
    long gradient =
        Loops.nest(shares.planesPerItem(), rows, outputs + 2 * cells + 2 * sums)
            + 4 * buffers.rows()
            + 2 * buffers.sums();
    return problem.has(Role.GRAD_WEIGHTS)
        ? Math.max(gradient, ParameterGradient.iterations(problem))
        : gradient;
  }

  @Override
  public LaunchPlan plan(Problem problem, DeviceProfile device) {
    WindowRowsFamily family = (WindowRowsFamily) PoolFamily.of(problem);
    Geometry geometry = PoolFamily.geometry(problem);
    boolean forward = PoolFamily.isForward(problem);
    WindowRowBuffers buffers = WindowRowBuffers.of(problem, family);
    SortedMap<String, String> macros = family.macros(problem, device);
    RowsImplementation.known(macros, "H", geometry.h());
    RowsImplementation.known(macros, "W", geometry.w());
    buffers.define(macros);
    RowsImplementation.prefetch(macros, device);
    if (!forward) {
      WindowAxis w = (WindowAxis) geometry.w();
      macros.put("PADDING_PHASE", Integer.toString(w.before() % w.stride()));
    }
    RowShares shares = shares(problem, device);
    List<KernelArgument> arguments = new ArrayList<>(family.rowsBuffers(problem));
    arguments.addAll(AxisArguments.of(problem, problem.direction()));
    arguments.addAll(shares.arguments());
    arguments.addAll(family.rowsTail(problem));
    String word = family.word() + (forward ? "_rows" : "_rows_gradient");
    Launch launch =
        new Launch(
            word + ".cl",
            macros,
            family.kernel(word, problem),
            arguments,
            shares.global(),
            List.of(1L, 1L),
            buffers.bytes());
    return family.withParameters(LaunchPlan.of(launch), problem);
  }
}
