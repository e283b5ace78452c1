package io.github.clpool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.op.Operator;
import io.github.clpool.op.Operators;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Half;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.nio.ShortBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Reference and JVM against PyTorch on random configurations; what differs on purpose stands alone.
 * OpenCL devices are compared with the reference instead, bit for bit.
 */
class LibtorchTest {
  private static final long SEED = 7;
  private static final int CASES = 150;

  /** One random configuration; adaptive ones use {@code size} only. */
  private record Setting(
      long[] shape,
      long[] k,
      long[] s,
      long[] p,
      long[] d,
      long[] size,
      boolean ceil,
      boolean pad) {

    static Setting draw(SplittableRandom random) {
      int axes = random.nextInt(1, 4);
      long[] shape = new long[2 + axes];
      long[][] all = new long[5][axes];
      shape[0] = random.nextInt(1, 3);
      shape[1] = random.nextInt(1, 4);
      for (int i = 0; i < axes; i++) {
        all[0][i] = random.nextInt(1, 5);
        all[1][i] = random.nextInt(1, 4);
        all[2][i] = random.nextInt((int) all[0][i] / 2 + 1);
        all[3][i] = random.nextInt(1, 3);
        all[4][i] = random.nextInt(1, 9);
        // Large enough for a window without padding, so that no window is empty.
        shape[2 + i] = all[3][i] * (all[0][i] - 1) + random.nextInt(1, axes == 3 ? 8 : 20);
      }
      return new Setting(
          shape,
          all[0],
          all[1],
          all[2],
          all[3],
          all[4],
          random.nextBoolean(),
          random.nextBoolean());
    }

    String window(boolean dilated) {
      return "window=%s stride=%s padding=%s%s%s"
          .formatted(
              text(k),
              text(s),
              text(p),
              dilated ? " dilation=" + text(d) : "",
              ceil ? " ceilMode" : "");
    }

    Shape input() {
      int[] spatial = Arrays.stream(shape).skip(2).mapToInt(Math::toIntExact).toArray();
      return Shape.of(shape[0], shape[1], spatial);
    }

    /** At least as many terms as a sum of the forward or backward pass has. */
    long mostTerms(boolean adaptive) {
      long terms = 1;
      for (int i = 0; i < k.length; i++) {
        long in = shape[2 + i];
        terms *= adaptive ? Math.max(in / size[i], size[i] / in) + 2 : k[i];
      }
      return terms;
    }

    private static String text(long[] values) {
      return Arrays.stream(values).mapToObj(Long::toString).collect(Collectors.joining("x"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"reference", "jvm"})
  void extremaIndicesAndTheirGradientsAreEqual(String device) {
    SplittableRandom random = new SplittableRandom(SEED);
    try (Pooling pooling = TestDevices.open(device)) {
      for (int i = 0; i < CASES; i++) {
        Setting each = Setting.draw(random);
        boolean adaptive = i % 3 == 0;
        boolean minimum = i % 2 == 0;
        Operator operator =
            Operators.parse(
                (minimum ? "min " : "max ")
                    + (adaptive ? "adaptive=" + Setting.text(each.size) : each.window(true)));
        float[] x = selectable(random, each.input());
        float[] g = anything(random, operator.outputShape(each.input()));
        float[] asked = minimum ? negated(x) : x; // the minimum is -max(-x)
        Libtorch.Result theirs =
            adaptive
                ? Libtorch.adaptiveMax(asked, each.shape, each.size, g)
                : Libtorch.max(asked, each.shape, each.k, each.s, each.p, each.d, each.ceil, g);
        float[] output = minimum ? negated(theirs.output()) : theirs.output();
        String message = operator + " on " + each.input() + ", case " + i + ", seed " + SEED;
        try (Tensor input = pooling.tensor(each.input(), x);
            Pass pass = pooling.forward(operator, input);
            Tensor gradOutput = pooling.tensor(pass.output().shape(), g);
            Tensor gradInput = pass.backward(gradOutput)) {
          assertArrayEquals(bits(output), bits(pass.output().toFloats()), message);
          assertArrayEquals(theirs.indices(), pass.indices().toLongs(), message);
          assertArrayEquals(bits(theirs.gradInput()), bits(gradInput.toFloats()), message);
        }
      }
    }
  }

  /** What wins a cell is the same; PyTorch gives gradients to what lost, too. */
  @ParameterizedTest
  @ValueSource(strings = {"reference", "jvm"})
  void unpooledMaximaAreEqualAndWinnersHaveEqualGradients(String device) {
    SplittableRandom random = new SplittableRandom(SEED);
    try (Pooling pooling = TestDevices.open(device)) {
      for (int i = 0; i < CASES; i++) {
        Setting each = Setting.draw(random);
        Operator max = Operators.parse("max " + each.window(true));
        float[] g = anything(random, each.input());
        try (Tensor input = pooling.tensor(each.input(), selectable(random, each.input()));
            Pass pooled = pooling.forward(max, input);
            Tensor values =
                pooling.tensor(pooled.output().shape(), anything(random, pooled.output().shape()));
            Pass unpooled = pooled.unpool(values);
            Tensor gradOutput = pooling.tensor(each.input(), g);
            Tensor gradInput = unpooled.backward(gradOutput)) {
          long[] indices = pooled.indices().toLongs();
          Libtorch.Result theirs =
              Libtorch.maxUnpool(
                  values.toFloats(),
                  indices,
                  pooled.output().shape().sizes(),
                  Arrays.stream(each.input().spatial()).asLongStream().toArray(),
                  g);
          String message = max + " on " + each.input() + ", case " + i + ", seed " + SEED;
          assertArrayEquals(bits(theirs.output()), bits(unpooled.output().toFloats()), message);
          float[] winners = theirs.gradInput();
          dropLosers(winners, indices, pooled.output().shape().planeSize());
          assertArrayEquals(bits(winners), bits(gradInput.toFloats()), message);
        }
      }
    }
  }

  /** Clears the gradients of values whose cell a later one of the plane names, too. */
  private static void dropLosers(float[] gradients, long[] indices, int plane) {
    for (int i = 0; i < indices.length; i++) {
      int end = (i / plane + 1) * plane;
      for (int later = i + 1; later < end; later++) {
        gradients[i] = indices[later] == indices[i] ? 0 : gradients[i];
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"reference", "jvm"})
  void averagesAreWithinTheErrorOfTheirSums(String device) {
    SplittableRandom random = new SplittableRandom(SEED);
    try (Pooling pooling = TestDevices.open(device)) {
      for (int i = 0; i < CASES; i++) {
        Setting each = Setting.draw(random);
        boolean adaptive = i % 3 == 0;
        String pad = each.pad ? "" : "countIncludePad=false ";
        Operator operator =
            Operators.parse(
                "avg "
                    + (adaptive
                        ? "adaptive=" + Setting.text(each.size)
                        : pad + each.window(false)));
        float[] x = anything(random, each.input());
        float[] g = anything(random, operator.outputShape(each.input()));
        Libtorch.Result theirs =
            adaptive
                ? Libtorch.adaptiveAvg(x, each.shape, each.size, g)
                : Libtorch.avg(x, each.shape, each.k, each.s, each.p, each.ceil, each.pad, g);
        compareSums(pooling, operator, each, adaptive, x, g, theirs, "case " + i);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"reference", "jvm"})
  void sumsAreAveragesWithDivisorOne(String device) {
    SplittableRandom random = new SplittableRandom(SEED);
    try (Pooling pooling = TestDevices.open(device)) {
      for (int i = 0; i < CASES; i++) {
        Setting each = Setting.draw(random);
        Operator operator = Operators.parse("sum " + each.window(false));
        float[] x = anything(random, each.input());
        float[] g = anything(random, operator.outputShape(each.input()));
        Libtorch.Result theirs = Libtorch.sum(x, each.shape, each.k, each.s, each.p, each.ceil, g);
        compareSums(pooling, operator, each, false, x, g, theirs, "case " + i);
      }
    }
  }

  private static void compareSums(
      Pooling pooling,
      Operator operator,
      Setting each,
      boolean adaptive,
      float[] x,
      float[] g,
      Libtorch.Result theirs,
      String name) {
    String message = operator + " on " + each.input() + ", " + name + ", seed " + SEED;
    try (Tensor input = pooling.tensor(each.input(), x);
        Tensor magnitudes = pooling.tensor(each.input(), absolute(x));
        Pass pass = pooling.forward(operator, input);
        Tensor means = pooling.run(operator, magnitudes);
        Tensor gradOutput = pooling.tensor(pass.output().shape(), g);
        Tensor gradMagnitudes = pooling.tensor(pass.output().shape(), absolute(g));
        Tensor gradInput = pass.backward(gradOutput);
        Tensor gradMeans = pass.backward(gradMagnitudes)) {
      long terms = each.mostTerms(adaptive);
      assertClose(theirs.output(), pass.output().toFloats(), means.toFloats(), terms, message);
      assertClose(theirs.gradInput(), gradInput.toFloats(), gradMeans.toFloats(), terms, message);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"reference", "jvm"})
  void halfMaximaAreThoseOfFloats(String device) {
    SplittableRandom random = new SplittableRandom(SEED);
    try (Pooling pooling = TestDevices.open(device)) {
      for (int i = 0; i < CASES / 5; i++) {
        Setting each = Setting.draw(random);
        Operator operator = Operators.parse("max " + each.window(true));
        float[] x = selectable(random, each.input());
        short[] halves = new short[x.length];
        for (int j = 0; j < x.length; j++) {
          halves[j] = Half.fromFloat(x[j]);
          x[j] = Half.toFloat(halves[j]);
        }
        float[] g = anything(random, operator.outputShape(each.input()));
        Libtorch.Result theirs =
            Libtorch.max(x, each.shape, each.k, each.s, each.p, each.d, each.ceil, g);
        try (Tensor input =
                pooling.tensor(
                    each.input(), Layout.NCHW, DataType.FLOAT16, ShortBuffer.wrap(halves));
            Tensor output = pooling.run(operator, input)) {
          assertArrayEquals(
              bits(theirs.output()), bits(output.toFloats()), "case " + i + ", seed " + SEED);
        }
      }
    }
  }

  /** Few different values, so that many are equal, and now and then a NaN or an infinity. */
  private static float[] selectable(SplittableRandom random, Shape shape) {
    float[] x = new float[(int) shape.elements()];
    float[] special = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextInt(20) == 0 ? special[random.nextInt(3)] : random.nextInt(1, 30);
    }
    return x;
  }

  private static float[] anything(SplittableRandom random, Shape shape) {
    float[] x = new float[(int) shape.elements()];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextDouble(-10, 10);
    }
    return x;
  }

  private static float[] absolute(float[] x) {
    float[] magnitudes = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      magnitudes[i] = Math.abs(x[i]);
    }
    return magnitudes;
  }

  private static float[] negated(float[] x) {
    float[] negated = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      negated[i] = -x[i];
    }
    return negated;
  }

  private static int[] bits(float[] x) {
    return java.util.stream.IntStream.range(0, x.length)
        .map(i -> Float.floatToIntBits(x[i]))
        .toArray();
  }

  /**
   * Within (number of terms) x 2^-24 x (mean, or sum, of the magnitudes), and PyTorch's separate
   * divisions by each length of an adaptive region.
   */
  private static void assertClose(
      float[] theirs, float[] ours, float[] means, long terms, String message) {
    assertEquals(theirs.length, ours.length, message);
    for (int i = 0; i < ours.length; i++) {
      double bound = (terms + 3.0) * 0x1p-24 * means[i];
      assertTrue(
          Math.abs((double) theirs[i] - ours[i]) <= bound,
          message + " at " + i + ": " + theirs[i] + " but " + ours[i]);
    }
  }
}
