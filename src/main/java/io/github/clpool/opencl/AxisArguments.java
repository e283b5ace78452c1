package io.github.clpool.opencl;

import io.github.clpool.backend.Arguments;
import io.github.clpool.exact.Precision;
import io.github.clpool.op.AxisRegions;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Fractional;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Regions;
import io.github.clpool.op.Role;
import io.github.clpool.op.Sampled;
import io.github.clpool.op.UnplacedAxis;
import io.github.clpool.op.WindowAxis;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Writes regions as {@code lib/regions.clh} reads them: three axes and their tables. */
final class AxisArguments {
  private AxisArguments() {}

  static List<KernelArgument> of(Problem problem, Direction direction) {
    Geometry geometry = PoolFamily.geometry(problem);
    Regions regions = ((Pool) problem.operator()).regions();
    List<KernelArgument> arguments = new ArrayList<>();
    int offset = 0;
    for (int i = 0; i < 3; i++) {
      AxisRegions axis = geometry.axis(i);
      if (regions instanceof Fractional && axis instanceof UnplacedAxis unplaced) {
        arguments.add(fractional(problem, i + problem.input().axes() - 3, unplaced));
      } else if (isListed(axis, direction)) {
        arguments.add(axis(axis, offset));
        offset += tableSize(axis);
      } else {
        arguments.add(axis(axis, -1));
      }
    }
    arguments.add(tables(problem, regions, geometry, direction));
    return arguments;
  }

  /**
   * The axes of fractional regions as if they were listed, in a temporary buffer that {@link
   * FractionalTables} fills.
   */
  static List<KernelArgument> listed(Problem problem, KernelArgument.Temporary tables) {
    Geometry geometry = PoolFamily.geometry(problem);
    int pitch = tablesOfPlane(geometry);
    List<KernelArgument> arguments = new ArrayList<>();
    int offset = 0;
    for (int i = 0; i < 3; i++) {
      AxisRegions axis = geometry.axis(i);
      if (axis instanceof UnplacedAxis) {
        arguments.add(
            new KernelArgument.Int8(
                axis.inputSize(), axis.outputSize(), 0, pitch, 0, 0, 1, offset));
        offset += tableSize(axis);
      } else {
        arguments.add(axis(axis, -1));
      }
    }
    arguments.add(tables);
    return arguments;
  }

  /** The ints of the tables of a plane. */
  static int tablesOfPlane(Geometry geometry) {
    int size = 0;
    for (int i = 0; i < 3; i++) {
      size += geometry.axis(i) instanceof UnplacedAxis ? tableSize(geometry.axis(i)) : 0;
    }
    return size;
  }

  private static int tableSize(AxisRegions axis) {
    return 1 + 2 * axis.inputSize() + (hasRanges(axis) ? 2 * axis.outputSize() : 0);
  }

  private static KernelArgument tables(
      Problem problem, Regions regions, Geometry geometry, Direction direction) {
    if (regions instanceof Fractional) {
      return problem.has(Role.SAMPLES)
          ? new KernelArgument.Buffer(Role.SAMPLES)
          : new KernelArgument.Drawn(new Samples(problem.input(), problem.type()));
    } else if (regions instanceof Sampled sampled) {
      return new KernelArgument.Drawn(new Tables(sampled, problem.input(), direction));
    }
    return new KernelArgument.Table(list(geometry, direction));
  }

  /** The samples of fractional regions, bit for bit as a tensor would hold them. */
  private record Samples(Shape input, DataType type) implements KernelArgument.Drawn.Source {
    @Override
    public int[] draw(Arguments arguments) {
      DoubleStream samples = Arrays.stream(Fractional.samples(input, arguments.randomKey()));
      return type == DataType.FLOAT64
          ? samples
              .mapToLong(Double::doubleToRawLongBits)
              .boxed()
              .flatMapToInt(Samples::halves)
              .toArray()
          : samples.mapToInt(u -> Float.floatToRawIntBits((float) u)).toArray();
    }

    private static IntStream halves(long bits) {
      return IntStream.of((int) bits, (int) (bits >>> 32));
    }
  }

  /** The tables of sampled regions. */
  private record Tables(Sampled regions, Shape input, Direction direction)
      implements KernelArgument.Drawn.Source {
    @Override
    public int[] draw(Arguments arguments) {
      return list(regions.geometry(input, arguments.randomKey()), direction);
    }
  }

  private static KernelArgument fractional(Problem problem, int axis, UnplacedAxis sizes) {
    boolean wide = problem.type() == DataType.FLOAT64;
    int axes = problem.input().axes();
    double alpha =
        Fractional.alpha(
            wide ? Precision.DOUBLE : Precision.FLOAT,
            sizes.inputSize(),
            sizes.outputSize(),
            sizes.length());
    long bits = wide ? Double.doubleToRawLongBits(alpha) : Float.floatToRawIntBits((float) alpha);
    return new KernelArgument.Int8(
        sizes.inputSize(),
        sizes.outputSize(),
        -sizes.length(),
        Math.toIntExact(problem.input().c()),
        Fractional.place(axis, axes),
        axes,
        (int) bits,
        (int) (bits >>> 32));
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
    return new KernelArgument.Int8(axis.inputSize(), axis.outputSize(), 0, 0, 0, 0, 1, table);
  }

  private static boolean hasRanges(AxisRegions axis) {
    return !(axis instanceof WindowAxis);
  }

  private static boolean isListed(AxisRegions axis, Direction direction) {
    return hasRanges(axis) || direction == Direction.BACKWARD && axis.step() > 1;
  }

  /** The tables of all axes; a kernel must be given some buffer even where there is none. */
  private static int[] list(Geometry geometry, Direction direction) {
    IntStream.Builder tables = IntStream.builder();
    for (int i = 0; i < 3; i++) {
      if (isListed(geometry.axis(i), direction)) {
        list(geometry.axis(i), tables);
      }
    }
    int[] all = tables.build().toArray();
    return all.length == 0 ? new int[1] : all;
  }

  private static void list(AxisRegions axis, IntStream.Builder table) {
    table.add(axis.coverStep());
    IntStream.range(0, axis.inputSize()).map(axis::firstCover).forEach(table::add);
    IntStream.range(0, axis.inputSize()).map(axis::covers).forEach(table::add);
    if (hasRanges(axis)) {
      IntStream.range(0, axis.outputSize()).map(axis::origin).forEach(table::add);
      IntStream.range(0, axis.outputSize()).map(axis::endTap).forEach(table::add);
    }
  }
}
