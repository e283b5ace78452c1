package io.github.clpool.opencl;

import io.github.clpool.backend.Verdict;
import io.github.clpool.op.AxisRegions;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Problem;
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
  /** The buffers of a row must stay in the first-level cache, or nearly. */
  private static final long MOST_BYTES = 64 << 10;

  /** A window's row is unrolled. */
  private static final int MOST_UNROLLED = 32;

  @Override
  public String name() {
    return "window_rows";
  }

  @Override
  public Verdict accepts(Problem problem, DeviceProfile device) {
    if (problem.direction() != Direction.FORWARD) {
      return refuse("it computes no gradients");
    }
    if (problem.layout() != Layout.NCHW) {
      return refuse("the layout is " + problem.layout());
    }
    Optional<String> sumsRefusal = PoolFamily.of(problem).plainSumsRefusal(problem, device);
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
    if (hasEmpty(h) || hasEmpty(w)) {
      return refuse("a region is empty");
    }
    long bytes = bytes(problem);
    return bytes <= MOST_BYTES
        ? accept("rows fit into private buffers")
        : refuse("rows take " + bytes + " bytes of a work-item, more than " + MOST_BYTES);
  }

  private static boolean hasEmpty(WindowAxis axis) {
    for (int o = 0; axis.dilation() > 1 && o < axis.outputSize(); o++) {
      if (axis.taps(o) == 0) {
        return true;
      }
    }
    return false;
  }

  /** The elements of a buffer: the input rows that an output row needs. */
  private static long capacity(Problem problem) {
    Geometry geometry = PoolFamily.geometry(problem);
    WindowAxis h = (WindowAxis) geometry.h();
    WindowAxis w = (WindowAxis) geometry.w();
    long reach = (w.outputSize() - 1L) * w.stride() + (w.kernel() - 1L) * w.dilation() + 1;
    long least = h.kernel() * Math.max(w.before() + (long) w.inputSize(), reach);
    // Few sizes, since each costs a compilation.
    return Math.max(256, Long.highestOneBit(2 * least - 1));
  }

  private static long bytes(Problem problem) {
    WindowRowsFamily family = (WindowRowsFamily) PoolFamily.of(problem);
    return capacity(problem) * family.rowBuffers() * problem.type().computingType().bytes();
  }

  @Override
  public long iterations(Problem problem, DeviceProfile device) {
    Geometry geometry = PoolFamily.geometry(problem);
    RowShares shares = RowShares.of(problem, geometry.h().outputSize(), device);
    long perRow =
        Loops.nest(4, geometry.h().maxTaps(), geometry.w().maxTaps(), geometry.w().outputSize());
    long cells = Loops.nest(geometry.h().maxTaps(), geometry.w().inputSize());
    return Loops.nest(shares.planesPerItem(), shares.rowsPerItem(), perRow + cells)
        + 2 * capacity(problem);
  }

  @Override
  public LaunchPlan plan(Problem problem, DeviceProfile device) {
    WindowRowsFamily family = (WindowRowsFamily) PoolFamily.of(problem);
    Geometry geometry = PoolFamily.geometry(problem);
    SortedMap<String, String> macros = family.macros(problem, device);
    RowsImplementation.known(macros, "H", geometry.h());
    RowsImplementation.known(macros, "W", geometry.w());
    macros.put("CAPACITY", Long.toString(capacity(problem)));
    RowShares shares = RowShares.of(problem, geometry.h().outputSize(), device);
    List<KernelArgument> arguments = new ArrayList<>(family.buffers(problem));
    arguments.addAll(AxisArguments.of(problem, Direction.FORWARD));
    arguments.addAll(shares.arguments());
    arguments.addAll(family.rowsTail(problem));
    String word = family.word() + "_rows";
    return LaunchPlan.of(
        new Launch(
            word + ".cl",
            macros,
            family.kernel(word, problem),
            arguments,
            shares.global(),
            List.of(1L, 1L),
            bytes(problem)));
  }
}
