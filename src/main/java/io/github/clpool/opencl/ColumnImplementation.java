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
import java.util.SortedMap;

/**
 * Several outputs of a column per work-item, for windows that overlap: neighbouring work-items read
 * neighbouring cells, and each cell is loaded once per tap column. For GPUs.
 */
final class ColumnImplementation implements OpenClImplementation {
  private static final int COLUMN = 4;

  /** More private memory than this per work-item would spill. */
  private static final int MOST_ROWS = 32;

  private static final long ROW_OF_ITEMS = 32;

  @Override
  public String name() {
    return "column";
  }

  @Override
  public Verdict accepts(Problem problem, DeviceProfile device) {
    if (problem.direction() != Direction.FORWARD) {
      return refuse("gradients are gathered per cell");
    }
    if (problem.layout() != Layout.NCHW) {
      return refuse("the layout is " + problem.layout());
    }
    Geometry geometry = PoolFamily.geometry(problem);
    AxisRegions d = geometry.d();
    if (d.inputSize() != 1 || d.outputSize() != 1 || d.maxTaps() != 1) {
      return refuse("there are windows along the depth");
    }
    if (!(geometry.h() instanceof WindowAxis h) || !(geometry.w() instanceof WindowAxis w)) {
      return refuse("the regions are not windows");
    }
    if (h.stride() >= h.kernel()) {
      return refuse("windows do not overlap along the height");
    }
    if (rows(h) > MOST_ROWS) {
      return refuse("a column of windows spans " + rows(h) + " rows, more than " + MOST_ROWS);
    }
    if (PoolFamily.of(problem).sums() && !PoolFamily.hasShortSums(problem)) {
      return refuse("sums have more than 64 terms along an axis");
    }
    return accept("windows overlap along the height");
  }

  private static long rows(WindowAxis h) {
    return (COLUMN - 1L) * h.stride() + (h.kernel() - 1L) * h.dilation() + 1;
  }

  @Override
  public long iterations(Problem problem, DeviceProfile device) {
    Geometry geometry = PoolFamily.geometry(problem);
    WindowAxis h = (WindowAxis) geometry.h();
    long perTap = MOST_ROWS + Loops.nest(COLUMN, h.kernel());
    return Loops.nest(geometry.w().maxTaps(), perTap) + 4 * COLUMN;
  }

  @Override
  public LaunchPlan plan(Problem problem, DeviceProfile device) {
    PoolFamily family = PoolFamily.of(problem);
    Geometry geometry = PoolFamily.geometry(problem);
    WindowAxis h = (WindowAxis) geometry.h();
    WindowAxis w = (WindowAxis) geometry.w();
    SortedMap<String, String> macros = family.macros(problem, device);
    macros.put("KERNEL_H", Integer.toString(h.kernel()));
    macros.put("KERNEL_W", Integer.toString(w.kernel()));
    macros.put("STRIDE_H", Integer.toString(h.stride()));
    macros.put("DILATION_H", Integer.toString(h.dilation()));
    macros.put("DILATION_W", Integer.toString(w.dilation()));
    macros.put("COLUMN", Integer.toString(COLUMN));
    List<KernelArgument> arguments = new ArrayList<>(family.buffers(problem));
    arguments.addAll(AxisArguments.of(problem, Direction.FORWARD).subList(1, 3));
    arguments.add(new KernelArgument.Int((int) problem.input().planeCount()));
    arguments.addAll(family.tail(problem));
    long columns = (h.outputSize() - 1L) / COLUMN + 1;
    long items = Math.min(ROW_OF_ITEMS, device.maxWorkGroup());
    String word = family.word() + "_column";
    return LaunchPlan.of(
        new Launch(
            word + ".cl",
            macros,
            family.kernel(word, problem),
            arguments,
            List.of((long) w.outputSize(), columns, problem.input().planeCount()),
            List.of(items, Math.max(1, Math.min(2, device.maxWorkGroup() / items)), 1L)));
  }
}
