package io.github.clpool.opencl.plan;

import io.github.clpool.backend.Arguments;
import io.github.clpool.op.AxisRegions;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Fractional;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Places;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.op.UnplacedAxis;
import io.github.clpool.op.WindowAxis;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Writes regions as {@code lib/regions.clh} reads them: three axes and their tables.
 *
 * @param call the call
 * @param direction backward for kernels that look from cells to outputs
 */
public record AxisArguments(PoolCall call, Direction direction) {
  private static final int WINDOW = 0;
  private static final int LISTED = 1;
  private static final int FRACTIONAL = 2;

  /** Where in an axis numbers are that kernels divide by. */
  private static final int SIZE = 0;

  private static final int OUTPUTS = 1;
  private static final int STRIDE = 4;
  private static final int DILATION = 7;

  /** The axes d, h and w, then the buffer of their tables. */
  public List<KernelArgument> all() {
    List<KernelArgument> arguments = new ArrayList<>();
    int offset = 0;
    for (int i = 0; i < 3; i++) {
      AxisRegions axis = call.geometry().axis(i);
      if (call.isFractional() && axis instanceof UnplacedAxis unplaced) {
        arguments.add(fractional(i + call.problem().input().axes() - 3, unplaced));
      } else if (isListed(axis)) {
        arguments.add(axis(axis, offset, samplesPitch()));
        offset += tableSize(axis);
      } else {
        arguments.add(axis(axis, -1, samplesPitch()));
      }
    }
    arguments.add(tables());
    return arguments;
  }

  /** The same where a launch listed the fractional regions of each plane before. */
  public List<KernelArgument> listed(KernelArgument tables) {
    int pitch = tablesOfPlane();
    List<KernelArgument> arguments = new ArrayList<>();
    int offset = 0;
    for (int i = 0; i < 3; i++) {
      AxisRegions axis = call.geometry().axis(i);
      boolean unplaced = axis instanceof UnplacedAxis;
      arguments.add(axis(axis, unplaced ? offset : -1, pitch));
      offset += unplaced ? tableSize(axis) : 0;
    }
    arguments.add(tables);
    return arguments;
  }

  /** The ints of the tables of a plane. */
  int tablesOfPlane() {
    int size = 0;
    for (int i = 0; i < 3; i++) {
      AxisRegions axis = call.geometry().axis(i);
      size += axis instanceof UnplacedAxis ? tableSize(axis) : 0;
    }
    return size;
  }

  /** The ints from a plane's samples to the next one's; 0 without. */
  private int samplesPitch() {
    int ints = call.problem().type() == DataType.FLOAT64 ? 2 : 1;
    return call.isFractional() ? call.problem().input().axes() * ints : 0;
  }

  private static int tableSize(AxisRegions axis) {
    return 1 + 2 * axis.inputSize() + (hasRanges(axis) ? 2 * axis.outputSize() : 0);
  }

  private KernelArgument tables() {
    Problem problem = call.problem();
    if (call.isFractional()) {
      return problem.has(Role.SAMPLES)
          ? new KernelArgument.Buffer(Role.SAMPLES)
          : new KernelArgument.Drawn(new Samples(problem.input(), problem.type()));
    }
    return call.pool().regions().isDrawn()
        ? new KernelArgument.Drawn(new Tables(problem, direction))
        : new KernelArgument.Table(list(call.geometry(), direction));
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

  /** The tables of regions that are drawn for all planes at once. */
  private record Tables(Problem problem, Direction direction)
      implements KernelArgument.Drawn.Source {
    @Override
    public int[] draw(Arguments arguments) {
      Places places =
          problem.pool().regions().places(problem, arguments::get, arguments::randomKey);
      return list(places.of(0, 0), direction);
    }
  }

  private KernelArgument fractional(int axis, UnplacedAxis sizes) {
    boolean wide = call.problem().type() == DataType.FLOAT64;
    int axes = call.problem().input().axes();
    double alpha =
        Fractional.alpha(
            call.problem().type(), sizes.inputSize(), sizes.outputSize(), sizes.length());
    long bits = wide ? Double.doubleToRawLongBits(alpha) : Float.floatToRawIntBits((float) alpha);
    return struct(
        sizes.inputSize(),
        sizes.outputSize(),
        FRACTIONAL,
        sizes.length(),
        1,
        0,
        0,
        1,
        -1,
        samplesPitch(),
        Fractional.place(axis, axes),
        (int) bits,
        (int) (bits >>> 32));
  }

  /** An axis of windows without a table. */
  public static KernelArgument ofWindow(WindowAxis axis) {
    return axis(axis, -1, 0);
  }

  private static KernelArgument axis(AxisRegions axis, int table, int pitch) {
    WindowAxis window = axis instanceof WindowAxis given ? given : null;
    return struct(
        axis.inputSize(),
        axis.outputSize(),
        window == null ? LISTED : WINDOW,
        window == null ? 0 : window.kernel(),
        window == null ? 1 : window.stride(),
        window == null ? 0 : window.before(),
        window == null ? 0 : window.after(),
        window == null ? 1 : window.dilation(),
        table,
        pitch,
        0,
        0,
        0);
  }

  /** The numbers of an axis, then what some of them are divided by with. */
  private static KernelArgument struct(int... numbers) {
    int[] divisors =
        Grid.divisors(numbers[SIZE], numbers[OUTPUTS], numbers[STRIDE], numbers[DILATION]).words();
    return new KernelArgument.Struct(
        IntStream.concat(Arrays.stream(numbers), Arrays.stream(divisors)).toArray());
  }

  private static boolean hasRanges(AxisRegions axis) {
    return !(axis instanceof WindowAxis);
  }

  private boolean isListed(AxisRegions axis) {
    return isListed(axis, direction);
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
