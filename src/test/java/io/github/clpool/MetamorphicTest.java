package io.github.clpool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.github.clpool.op.Inputs;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Operators;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Changes that must change no bit, or move bits from one place to another; on every device. */
@WithoutDevice
class MetamorphicTest extends OnEveryDevice {
  MetamorphicTest(String device) {
    super(device);
  }

  /** Output, indices and gradient of one call, each element by its logical position. */
  private record Results(double[] output, double[] indices, double[] gradient) {}

  private static double[] random(long seed, Shape shape) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] values = new double[(int) shape.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(4) == 0 ? random.nextInt(3) : (float) random.nextDouble(-1, 1);
    }
    return values;
  }

  private static Results compute(Operator operator, Shape shape, Layout layout, double... x) {
    Shape out = operator.outputShape(shape);
    try (Tensor input = tensor(pooling(), shape, layout, DataType.FLOAT32, x);
        Tensor gradOutput = tensor(pooling(), out, layout, DataType.FLOAT32, random(77, out));
        Pass pass = pooling().forward(operator, Inputs.of(input));
        Tensor gradient = pass.backward(gradOutput)) {
      double[] indices = operator.hasIndices() ? logical(pass.indices()) : new double[0];
      return new Results(logical(pass.output()), indices, logical(gradient));
    }
  }

  private static void assertSame(Results expected, Results found, String what) {
    assertArrayEquals(expected.output, found.output, what + " output");
    assertArrayEquals(expected.indices, found.indices, what + " indices");
    assertArrayEquals(expected.gradient, found.gradient, what + " gradient");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "max window=3 stride=2 padding=1 on 2x5x9x8",
        "min window=2x3 stride=1 dilation=2x1 on 2x3x7x9",
        "avg window=3 stride=2 padding=1 ceilMode on 3x4x9x8",
        "sum window=7 stride=1 padding=3 on 2x17x11x6",
        "avg adaptive=3x4 on 2x3x7x5",
        "max adaptive=9 on 2x3x7x5",
        "avg global on 2x5x13x11",
        "max global on 2x33x13x11",
        "avg window=2 on 2x3x4x5x6",
        "max window=70 stride=3 padding=30 on 2x3x200",
        "lp p=2 mean window=3x2 stride=2x1 padding=1 on 2x5x9x8",
        "lp p=inf adaptive=3x4 on 2x3x7x5",
        "soft window=3 stride=2 padding=1 ceilMode on 2x5x9x8",
        "soft adaptive=2 on 2x9x4x5x6",
        "median window=3 stride=2 padding=1 ceilMode on 2x5x9x8",
        "median adaptive=3x4 on 2x3x7x5",
        "variance window=3 stride=2 padding=1 ceilMode on 2x5x9x8",
        "std sample adaptive=2 on 2x9x4x5x6",
        "log_sum_exp sharpness=3 mean window=3 stride=2 padding=1 ceilMode on 2x5x9x8"
      })
  void neitherLayoutNorBatchChangesABit(String text) {
    String[] parts = text.split(" on ");
    Operator operator = Operators.parse(parts[0]);
    Shape shape = Shape.parse(parts[1]);
    double[] x = random(text.hashCode(), shape);
    Results whole = compute(operator, shape, Layout.NCHW, x);
    assertSame(whole, compute(operator, shape, Layout.NHWC, x), "channels last");

    // one image at a time, its gradient too
    Shape one = Shape.of(1, shape.c(), shape.spatial());
    int size = (int) one.elements();
    for (int n = 0; n < shape.n(); n++) {
      double[] image = Arrays.copyOfRange(x, n * size, (n + 1) * size);
      Results part = compute(operator, one, Layout.NCHW, image);
      int outputs = part.output.length;
      assertArrayEquals(
          Arrays.copyOfRange(whole.output, n * outputs, (n + 1) * outputs), part.output);
      if (operator.hasIndices()) {
        assertArrayEquals(
            Arrays.copyOfRange(whole.indices, n * outputs, (n + 1) * outputs), part.indices);
      }
      Shape unbatched = Shape.unbatched(shape.c(), shape.spatial());
      assertSame(part, compute(operator, unbatched, Layout.NHWC, image), "unbatched");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"max", "min", "sum", "avg"})
  void aShiftByTheStrideShiftsTheOutput(String name) {
    int stride = 2;
    Operator operator = Operators.parse(name + " window=3 stride=" + stride);
    Shape shape = Shape.of(1, 3, 11, 13);
    double[] x = random(5, shape);
    Results still = compute(operator, shape, Layout.NCHW, x);
    double[] shifted = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      boolean inside = i % 13 + stride < 13;
      shifted[i] = inside ? x[i + stride] : 0;
    }
    Results moved = compute(operator, shape, Layout.NCHW, shifted);
    int width = operator.outputShape(shape).w();
    for (int i = 0; i < still.output.length; i++) {
      if (i % width + 1 < width) {
        assertArrayEquals(
            new double[] {still.output[i + 1]}, new double[] {moved.output[i]}, "output " + i);
        if (operator.hasIndices()) {
          assertArrayEquals(
              new double[] {still.indices[i + 1] - stride},
              new double[] {moved.indices[i]},
              "index " + i);
        }
      }
    }
  }
}
