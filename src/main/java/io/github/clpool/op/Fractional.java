package io.github.clpool.op;

import io.github.clpool.exact.Philox;
import io.github.clpool.exact.Precision;
import io.github.clpool.tensor.Buffers;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Fractional regions (Graham 2014) as PyTorch's FractionalMaxPool: of one size, at distances that
 * alternate between two neighbouring integers as a sample {@code u} in [0, 1) says, drawn for each
 * plane and axis. Along an axis of {@code I} cells output {@code i} starts at {@code (int)((i + u)
 * * alpha) - (int)(u * alpha)}, {@code alpha = (I - kernel) / (O - 1)}, in the computing type; the
 * last one starts at {@code I - kernel}. Immutable.
 *
 * @param kernel the number of cells
 * @param outputSize the number of outputs; empty if the ratio is given
 * @param outputRatio the number of outputs per cell, above 0 and below 1; empty if the size is
 *     given
 */
public record Fractional(List<Integer> kernel, List<Integer> outputSize, List<Double> outputRatio)
    implements Regions {
  /** Up to here positions are wrong by at most half a cell when they are rounded to float. */
  private static final int EXACT = 1 << 22;

  static Fractional of(int... kernel) {
    return new Fractional(PerAxis.of("kernel", 1, kernel), List.of(), List.of());
  }

  /**
   * Copies the lists and checks them; {@link #validate} checks that size or ratio is given.
   *
   * @param kernel the number of cells
   * @param outputSize the number of outputs; empty if the ratio is given
   * @param outputRatio the number of outputs per cell; empty if the size is given
   */
  public Fractional {
    kernel = PerAxis.checked("kernel", 1, kernel);
    outputSize = PerAxis.checkedIfGiven("outputSize", 1, outputSize);
    outputRatio =
        Require.present("outputRatio", outputRatio).isEmpty()
            ? List.of()
            : PerAxis.counted("outputRatio", outputRatio);
    for (double ratio : outputRatio) {
      Require.that(
          ratio > 0 && ratio < 1, "outputRatio is %s, but must be above 0 and below 1", ratio);
    }
  }

  /**
   * Sets the output size.
   *
   * @param values one number for all axes or one per axis, each at least 1
   * @return the changed copy
   */
  public Fractional outputSize(int... values) {
    return new Fractional(kernel, PerAxis.of("outputSize", 1, values), outputRatio);
  }

  /**
   * Sets the output size as a part of the input size, rounded down.
   *
   * @param values one number for all axes or one per axis, each above 0 and below 1
   * @return the changed copy
   */
  public Fractional outputRatio(double... values) {
    Require.present("outputRatio", values);
    List<Double> ratio = Arrays.stream(values).boxed().toList();
    return new Fractional(kernel, outputSize, PerAxis.counted("outputRatio", ratio));
  }

  @Override
  public void validate() {
    Require.that(
        outputSize.isEmpty() != outputRatio.isEmpty(),
        "outputSize is %s and outputRatio is %s, but exactly one must be given",
        outputSize.isEmpty() ? "not given" : PerAxis.text(outputSize),
        outputRatio.isEmpty() ? "not given" : PerAxis.text(outputRatio));
  }

  @Override
  public boolean isDrawn() {
    return true;
  }

  @Override
  public boolean isPlacedPerPlane() {
    return true;
  }

  @Override
  public Set<Role> optionalParameters() {
    return EnumSet.of(Role.SAMPLES);
  }

  @Override
  public Places places(Problem problem, Function<Role, Tensor> tensors, Supplier<RandomKey> key) {
    Require.present("problem", problem);
    Require.present("tensors", tensors);
    Require.present("key", key);
    Shape input = problem.input();
    double[] samples =
        problem.has(Role.SAMPLES)
            ? given(input, tensors.apply(Role.SAMPLES))
            : samples(input, key.get());
    return places(input, problem.type(), samples);
  }

  private static double[] given(Shape input, Tensor tensor) {
    double[] samples = tensor.toDoubles();
    for (int i = 0; i < samples.length; i++) {
      if (!isSample(samples[i])) {
        throw badSample(input, i, samples[i]);
      }
    }
    return samples;
  }

  @Override
  public Geometry geometry(Shape input) {
    return geometry(
        input,
        (axis, in, out, length) -> new UnplacedAxis(in, out, length, maxCovers(in, out, length)));
  }

  /** Starts are at least one cell apart, but for two at the end and what rounding brings closer. */
  private static int maxCovers(int in, int out, int length) {
    return in <= EXACT ? Math.min(out, length + 3) : out;
  }

  /** Makes an axis. */
  @FunctionalInterface
  private interface Axis {
    AxisRegions of(int axis, int in, int out, int length);
  }

  private Geometry geometry(Shape input, Axis axes) {
    Require.present("input", input);
    PerAxis.checkCount("kernel", kernel, input);
    if (outputRatio.isEmpty()) {
      PerAxis.checkCount("outputSize", outputSize, input);
    } else {
      PerAxis.checkCount("outputRatio", outputRatio, input);
    }
    return Geometry.of(
        input,
        axis -> {
          int in = input.spatial(axis);
          int length = PerAxis.at(kernel, axis);
          int out = outputSize(axis, in);
          Require.that(
              (long) out + length - 1 <= in,
              "output size + kernel - 1 is %d + %d - 1 = %d along axis %d, but must be at most the"
                  + " input size %d",
              out,
              length,
              (long) out + length - 1,
              axis,
              in);
          return axes.of(axis, in, out, length);
        });
  }

  private int outputSize(int axis, int in) {
    if (outputRatio.isEmpty()) {
      return PerAxis.at(outputSize, axis);
    }
    double ratio = PerAxis.at(outputRatio, axis);
    int out = (int) (in * ratio);
    Require.that(
        out >= 1,
        "output size is (int)(%d * %s) = %d along axis %d, but must be at least 1",
        in,
        ratio,
        out,
        axis);
    return out;
  }

  /**
   * Lays the regions over the planes of a call.
   *
   * @param input the input's shape
   * @param type the element type
   * @param samples the samples, of {@link #samplesShape}
   * @return the places
   */
  public Places places(Shape input, DataType type, double... samples) {
    Require.present("input", input);
    Require.present("type", type);
    Require.present("samples", samples);
    int axes = input.axes();
    return (n, c) -> {
      long first = (n * input.c() + c) * axes;
      return geometry(
          input,
          (axis, in, out, length) -> {
            double u = samples[(int) first + place(axis, axes)];
            return axis(type, u, in, out, length);
          });
    };
  }

  private static AxisRegions axis(DataType type, double u, int in, int out, int length) {
    double alpha = alpha(type, in, out, length);
    Precision precision = Precision.ofPlaces(type);
    int skipped = (int) precision.round(u * alpha);
    int[] starts = new int[out];
    int[] ends = new int[out];
    for (int i = 0; i < out; i++) {
      double position = precision.round(precision.round(precision.round(i) + u) * alpha);
      starts[i] = i == out - 1 ? in - length : Math.min((int) position - skipped, in - length);
      ends[i] = starts[i] + length;
    }
    return new TableAxis(in, starts, ends);
  }

  /**
   * The mean distance between neighbouring outputs.
   *
   * @param type the element type
   * @param in the input size
   * @param out the output size
   * @param length the size of a region
   * @return alpha, a double for doubles, else a float; 0 for a single output
   */
  public static double alpha(DataType type, int in, int out, int length) {
    Precision precision = Precision.ofPlaces(Require.present("type", type));
    return out == 1
        ? 0
        : precision.round(precision.round((double) in - length) / precision.round(out - 1.0));
  }

  /**
   * The shape of a samples tensor: batch, channels, axes in PyTorch's order.
   *
   * @param input the input's shape
   * @return the shape
   */
  static Shape samplesShape(Shape input) {
    return Shape.array(input.n(), input.c(), input.axes());
  }

  /**
   * Where PyTorch keeps the sample of an axis among those of a plane: width before height, but
   * depth, height, width.
   *
   * @param axis the spatial axis, 0 the outermost
   * @param axes their number
   * @return the place
   */
  public static int place(int axis, int axes) {
    return axes == 2 ? 1 - axis : axis;
  }

  /**
   * Draws samples.
   *
   * @param input the input's shape
   * @param key the key of the call
   * @return what a samples tensor of that shape would hold
   */
  public static double[] samples(Shape input, RandomKey key) {
    Require.present("input", input);
    Require.present("key", key);
    int axes = input.axes();
    long count = input.planeCount() * axes;
    Require.that(
        count < Buffers.LONGEST_ARRAY,
        "input has shape %s, but must have less than 2^31 samples, one for each plane and axis",
        input);
    long skipped = key.skipped(input.c() * axes);
    Philox philox = new Philox(key.seed(), key.call(), Philox.Stream.FRACTIONAL, skipped);
    double[] samples = new double[(int) count];
    for (int i = 0; i < samples.length; i++) {
      samples[i - i % axes + place(i % axes, axes)] = philox.uniform(i);
    }
    return samples;
  }

  /**
   * Refuses samples.
   *
   * @param input the input's shape
   * @param at which sample
   * @param value what it is
   * @return the exception, not thrown
   */
  public static IllegalArgumentException badSample(Shape input, long at, double value) {
    Require.present("input", input);
    long plane = at / input.axes();
    return new IllegalArgumentException(
        "samples have %s at (%d, %d, %d), but must be at least 0 and below 1"
            .formatted(value, plane / input.c(), plane % input.c(), at % input.axes()));
  }

  private static boolean isSample(double sample) {
    return sample >= 0 && sample < 1;
  }

  @Override
  public String toString() {
    return "fractional="
        + PerAxis.text(kernel)
        + (outputSize.isEmpty() ? "" : " outputSize=" + PerAxis.text(outputSize))
        + (outputRatio.isEmpty() ? "" : " outputRatio=" + PerAxis.text(outputRatio));
  }
}
