package io.github.clpool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.github.clpool.backend.Preference;
import io.github.clpool.backend.Verdict;
import io.github.clpool.op.AxisRegions;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Fractional;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Operators;
import io.github.clpool.op.Places;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.RandomKey;
import io.github.clpool.op.RoiPool;
import io.github.clpool.op.Role;
import io.github.clpool.op.Sampled;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Gradients of selections with indices that are no forward call's: one that is no cell of its
 * output's region selects nothing, whichever implementation is asked.
 */
class OwnIndicesTest extends OnEveryDevice {
  private static final RandomKey KEY = RandomKey.of(4);

  OwnIndicesTest(String device) {
    super(device);
  }

  @ParameterizedTest
  @CsvSource({
    "max window=3 stride=2 padding=1, 2x3x9x11",
    "max window=3 stride=1 padding=1, 1x2x8x9",
    "max window=2, 1x3x9x10",
    "median window=3 stride=2 padding=1, 2x3x9x11",
    "min window=2x3 stride=1x2 dilation=2x3, 1x2x9x12",
    "max window=2 stride=1, 1x1x3x4x5",
    "max window=4x5 stride=1 dilation=2x1 padding=1, 1x2x9x12",
    "max adaptive=3x4, 1x2x7x9",
    "max global, 1x2x5x6",
    "max window=1, 1x1x1x1",
    "max window=3x3x2 stride=2x1x1 padding=1 ceilMode, 1x2x4x3x12",
    "max adaptive=5x9, 1x3x11x20",
    "max adaptive=17, 1x2x11", // regions overlap by a cell
    "max fractional=2x3 outputSize=6x10, 2x2x11x14",
    "min fractional=2 outputRatio=0.7, 2x3x40",
    "max sampled=2 grid=4, 1x3x8x24",
  })
  void anIndexOutsideItsRegionSelectsNothing(String operator, String shape) {
    for (Layout layout : Layout.values()) {
      for (int seed = 0; seed < 3; seed++) {
        check((Pool) Operators.parse(operator), Shape.parse(shape), layout, seed);
      }
    }
  }

  private static void check(Pool operator, Shape input, Layout layout, int seed) {
    Shape output = operator.outputShape(input);
    SplittableRandom random = new SplittableRandom(seed);
    int cells = input.planeSize();
    int[] indices = random.ints(output.elements(), -2, cells + 2).toArray();
    double[] samples = samples(input, random);
    Places places = places(operator, input, samples);
    float[] gradients = new float[indices.length];
    for (int i = 0; i < gradients.length; i++) {
      gradients[i] = 1 + random.nextInt(100); // sums of integers are exact in any order
    }
    float[] expected = new float[(int) input.elements()];
    for (int i = 0; i < indices.length; i++) {
      boolean first = layout == Layout.NCHW;
      int channels = (int) output.c();
      int perPlane = output.planeSize();
      int target = first ? i % perPlane : i / channels % perPlane;
      int plane = first ? i / perPlane : i / channels / perPlane * channels + i % channels;
      Geometry geometry = places.of(plane / channels, plane % channels);
      if (seed > 0) { // rows where all but one, or all, are as they should be
        int inside = cellOf(geometry, target, output, random);
        int[] steps = {1, -1, input.w(), -input.w()};
        indices[i] = random.nextInt(12) > 0 ? inside : inside + steps[random.nextInt(4)];
        indices[i] = random.nextInt(12) > 0 ? indices[i] : -1;
      }
      int cell = indices[i];
      if (cell >= 0 && cell < cells && contains(geometry, target, cell, output)) {
        long at =
            layout.planeOffset(input, plane / channels, plane % channels)
                + cell * layout.cellStride(input);
        expected[(int) at] += gradients[i];
      }
    }
    try (Tensor g = pooling().empty(output, layout, DataType.FLOAT32);
        Tensor where = pooling().empty(output, layout, DataType.INT32);
        Tensor u =
            tensor(Shape.array(input.n(), input.c(), input.axes()), DataType.FLOAT32, samples);
        Tensor dx = pooling().empty(input, layout, DataType.FLOAT32)) {
      g.write(FloatBuffer.wrap(gradients));
      where.write(IntBuffer.wrap(indices));
      Map<Role, Tensor> tensors =
          new EnumMap<>(Map.of(Role.GRAD_OUTPUT, g, Role.INDICES, where, Role.GRAD_INPUT, dx));
      if (operator.regions() instanceof Fractional) {
        tensors.put(Role.SAMPLES, u);
      }
      Map<Role, Shape> shapes = new EnumMap<>(Role.class);
      tensors.forEach((role, tensor) -> shapes.put(role, tensor.shape()));
      Problem problem =
          new Problem(operator, Direction.BACKWARD, input, layout, DataType.FLOAT32, shapes, false);
      for (Verdict verdict : pooling().explain(problem)) {
        if (verdict.accepted()) {
          pooling()
              .with(Preference.implementation(verdict.implementation()))
              .compute(operator, Direction.BACKWARD, tensors, KEY, false);
          assertArrayEquals(expected, dx.toFloats(), problem + " by " + verdict + ", seed " + seed);
        }
      }
    }
  }

  private static double[] samples(Shape input, SplittableRandom random) {
    double[] samples = new double[(int) input.planeCount() * input.axes()];
    Arrays.setAll(samples, i -> random.nextInt(1 << 24) * 0x1p-24);
    return samples;
  }

  private static Places places(Pool operator, Shape input, double... samples) {
    if (operator.regions() instanceof Fractional fractional) {
      return fractional.places(input, DataType.FLOAT32, samples);
    } else if (operator.regions() instanceof Sampled sampled) {
      return Places.everywhere(sampled.geometry(input, KEY));
    }
    return Places.everywhere(operator.geometry(input));
  }

  private static int cellOf(Geometry geometry, int target, Shape output, SplittableRandom random) {
    int w = cellOf(geometry.w(), target % output.w(), random);
    int h = cellOf(geometry.h(), target / output.w() % output.h(), random);
    int d = cellOf(geometry.d(), target / output.w() / output.h(), random);
    return (d * geometry.h().inputSize() + h) * geometry.w().inputSize() + w;
  }

  private static int cellOf(AxisRegions axis, int output, SplittableRandom random) {
    int tap = random.nextInt(axis.firstTap(output), axis.endTap(output));
    return axis.origin(output) + tap * axis.step();
  }

  private static boolean contains(Geometry geometry, int target, int cell, Shape output) {
    int h = geometry.h().inputSize();
    int w = geometry.w().inputSize();
    return contains(geometry.w(), target % output.w(), cell % w)
        && contains(geometry.h(), target / output.w() % output.h(), cell / w % h)
        && contains(geometry.d(), target / output.w() / output.h(), cell / w / h);
  }

  private static boolean contains(AxisRegions axis, int output, int cell) {
    boolean found = false;
    for (int tap = axis.firstTap(output); tap < axis.endTap(output); tap++) {
      found |= axis.origin(output) + tap * axis.step() == cell;
    }
    return found;
  }

  @Test
  void whereRegionsAreDrawn() {
    // u = 0.5 starts regions of 2 at 0, 2, 4 and 5, see DrawnRegionsTest.
    Shape input = Shape.of(1, 1, 7);
    Shape output = Shape.of(1, 1, 4);
    try (Tensor g = pooling().tensor(output, 1, 2, 3, 4);
        Tensor where = pooling().indices(output, 1, 1, 3, 6);
        Tensor samples = pooling().tensor(Shape.array(1, 1, 1), 0.5f);
        Tensor dx = pooling().tensor(input, 9, 9, 9, 9, 9, 9, 9)) {
      pooling()
          .compute(
              Operators.parse("max fractional=2 outputSize=4"),
              Direction.BACKWARD,
              Map.of(
                  Role.GRAD_OUTPUT, g,
                  Role.INDICES, where,
                  Role.SAMPLES, samples,
                  Role.GRAD_INPUT, dx),
              false);
      assertArrayEquals(new float[] {0, 1, 0, 0, 0, 0, 4}, dx.toFloats());
    }
  }

  @Test
  void whereRegionsAreOfInterest() {
    // Bins of rows 1 to 2 and 3 to 4, columns 0 to 1 and 2 to 3 of a plane of 6 x 5.
    RoiPool operator = RoiPool.output(2, 2);
    Shape input = Shape.of(1, 1, 6, 5);
    int[] indices = {5, 12, 25, -1};
    float[] expected = new float[30];
    expected[5] = 1; // row 1, column 0
    expected[12] = 2; // row 2, column 2; 25 is row 5
    try (Tensor g = pooling().tensor(Shape.of(1, 1, 2, 2), 1, 2, 4, 8);
        Tensor where = pooling().indices(Shape.of(1, 1, 2, 2), indices);
        Tensor rois = pooling().tensor(Shape.array(1, 5), 0, 0, 1, 3, 4);
        Tensor dx = pooling().empty(input, Layout.NCHW, DataType.FLOAT32)) {
      Map<Role, Tensor> tensors =
          Map.of(Role.GRAD_OUTPUT, g, Role.INDICES, where, Role.ROIS, rois, Role.GRAD_INPUT, dx);
      Map<Role, Shape> shapes = new EnumMap<>(Role.class);
      tensors.forEach((role, tensor) -> shapes.put(role, tensor.shape()));
      Problem problem =
          new Problem(
              operator, Direction.BACKWARD, input, Layout.NCHW, DataType.FLOAT32, shapes, false);
      for (Verdict verdict : pooling().explain(problem)) {
        if (verdict.accepted()) {
          pooling()
              .with(Preference.implementation(verdict.implementation()))
              .compute(operator, Direction.BACKWARD, tensors, false);
          assertArrayEquals(expected, dx.toFloats(), verdict.toString());
        }
      }
    }
  }
}
