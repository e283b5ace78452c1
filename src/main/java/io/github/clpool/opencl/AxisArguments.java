package io.github.clpool.opencl;

import io.github.clpool.op.AxisRegions;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.TableAxis;
import io.github.clpool.op.WindowAxis;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Writes a geometry as {@code lib/regions.clh} reads it: three axes and their tables. */
final class AxisArguments {
  private AxisArguments() {}

  static List<KernelArgument> of(Geometry geometry, Direction direction) {
    List<KernelArgument> arguments = new ArrayList<>();
    IntStream.Builder tables = IntStream.builder();
    int offset = 0;
    for (int i = 0; i < 3; i++) {
      AxisRegions axis = geometry.axis(i);
      boolean listed =
          axis instanceof TableAxis || direction == Direction.BACKWARD && axis.step() > 1;
      arguments.add(axis(axis, listed ? offset : -1));
      if (listed) {
        offset += list(axis, tables);
      }
    }
    // A kernel must be given some buffer even where no axis has a table.
    arguments.add(new KernelArgument.Table(offset == 0 ? new int[] {0} : tables.build().toArray()));
    return arguments;
  }

  private static KernelArgument axis(AxisRegions axis, int table) {
    if (axis instanceof WindowAxis window) {
      return new KernelArgument.Int8(
          window.inputSize(),
          window.outputSize(),
          window.kernel(),
          window.stride(),
          window.before(),
          window.after(),
          window.dilation(),
          table);
    }
    return new KernelArgument.Int8(axis.inputSize(), axis.outputSize(), 0, 1, 0, 0, 1, table);
  }

  private static int list(AxisRegions axis, IntStream.Builder table) {
    table.add(axis.coverStep());
    IntStream.range(0, axis.inputSize()).map(axis::firstCover).forEach(table::add);
    IntStream.range(0, axis.inputSize()).map(axis::covers).forEach(table::add);
    if (axis instanceof TableAxis) {
      IntStream.range(0, axis.outputSize()).map(axis::origin).forEach(table::add);
      IntStream.range(0, axis.outputSize()).map(axis::endTap).forEach(table::add);
      return 1 + 2 * axis.inputSize() + 2 * axis.outputSize();
    }
    return 1 + 2 * axis.inputSize();
  }
}
