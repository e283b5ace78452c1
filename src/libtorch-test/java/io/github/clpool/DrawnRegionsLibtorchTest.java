package io.github.clpool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.github.clpool.op.AxisRegions;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Inputs;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Pool;
import io.github.clpool.op.RandomKey;
import io.github.clpool.op.Regions;
import io.github.clpool.op.S3Pool;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fractional regions and S3Pool against PyTorch, given the same samples or draws. */
class DrawnRegionsLibtorchTest {
  private static final long SEED = 11;
  private static final int CASES = 150;

  /** Fractional regions of two or three axes. */
  private record Setting(Shape input, int[] k, int[] out) {
    static Setting draw(SplittableRandom random) {
      int axes = random.nextInt(2, 4);
      int[] in = new int[axes];
      int[] k = new int[axes];
      int[] out = new int[axes];
      for (int axis = 0; axis < axes; axis++) {
        k[axis] = random.nextInt(1, 4);
        in[axis] = k[axis] + random.nextInt(1, axes == 3 ? 9 : 40);
        out[axis] = random.nextInt(1, in[axis] - k[axis] + (axes == 2 ? 2 : 1)); // 3-d is strict
      }
      return new Setting(shape(random, in), k, out);
    }

    Pool pool() {
      return Pool.max().over(Regions.fractional(k).outputSize(out));
    }

    Shape samples() {
      return Shape.array(input.n(), input.c(), k.length);
    }
  }

  /** Integers, so that sums are exact in any order. */
  private static float[] integers(SplittableRandom random, long count) {
    float[] x = new float[(int) count];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextInt(1, 60);
    }
    return x;
  }

  private static long[] longs(int... numbers) {
    return Arrays.stream(numbers).asLongStream().toArray();
  }

  private static Shape shape(SplittableRandom random, int... spatial) {
    return Shape.of(random.nextInt(1, 3), random.nextInt(1, 4), spatial);
  }

  private static void assertSame(
      Libtorch.Result theirs, Pooling pooling, Operator operator, Inputs inputs, float[] g, int i) {
    String message = operator + " on " + inputs.x() + ", case " + i + ", seed " + SEED;
    try (Pass pass = pooling.forward(operator, inputs);
        Tensor gradOutput = pooling.tensor(pass.output().shape(), g);
        Tensor gradInput = pass.backward(gradOutput)) {
      assertArrayEquals(theirs.output(), pass.output().toFloats(), message);
      assertArrayEquals(theirs.gradInput(), gradInput.toFloats(), message);
      if (theirs.indices() != null) {
        assertArrayEquals(theirs.indices(), pass.indices().toLongs(), message);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"reference", "jvm"})
  void fractionalMaximaAreEqual(String device) {
    SplittableRandom random = new SplittableRandom(SEED);
    try (Pooling pooling = TestDevices.open(device)) {
      for (int i = 0; i < CASES; i++) {
        Setting each = Setting.draw(random);
        Shape input = each.input;
        Pool pool = each.pool();
        float[] x = integers(random, input.elements());
        float[] g = integers(random, pool.outputShape(input).elements());
        float[] u = new float[(int) input.planeCount() * each.k.length];
        for (int j = 0; j < u.length; j++) {
          u[j] = random.nextInt(1 << 24) * 0x1p-24f;
        }
        Libtorch.Result theirs =
            Libtorch.fractionalMax(x, input.sizes(), longs(each.k), longs(each.out), u, g);
        try (Tensor tensor = pooling.tensor(input, x);
            Tensor samples = pooling.tensor(each.samples(), u)) {
          assertSame(theirs, pooling, pool, Inputs.of(tensor).samples(samples), g, i);
        }
      }
    }
  }

  /**
   * In FLOAT64 regions start elsewhere now and then: samples have more digits, and so has alpha.
   */
  @ParameterizedTest
  @ValueSource(strings = {"reference", "jvm"})
  void fractionalIndicesOfDoublesAreEqual(String device) {
    SplittableRandom random = new SplittableRandom(SEED);
    try (Pooling pooling = TestDevices.open(device)) {
      for (int i = 0; i < CASES; i++) {
        Setting each = Setting.draw(random);
        double[] x = random.doubles(each.input.elements()).toArray();
        double[] u = random.doubles(each.input.planeCount() * each.k.length).toArray();
        long[] theirs =
            Libtorch.fractionalIndices(x, each.input.sizes(), longs(each.k), longs(each.out), u);
        try (Tensor tensor = pooling.tensor(each.input, x);
            Tensor samples = pooling.tensor(each.samples(), u);
            Pass pass = pooling.forward(each.pool(), Inputs.of(tensor).samples(samples))) {
          String message = each.pool() + " on " + each.input + ", case " + i + ", seed " + SEED;
          assertArrayEquals(theirs, pass.indices().toLongs(), message);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"reference", "jvm"})
  void s3PoolIsTheComposition(String device) {
    SplittableRandom random = new SplittableRandom(SEED);
    try (Pooling pooling = TestDevices.open(device)) {
      for (int i = 0; i < CASES; i++) {
        int[] k = {random.nextInt(1, 5), random.nextInt(1, 5)};
        int[] grid = {k[0] * random.nextInt(1, 4), k[1] * random.nextInt(1, 4)};
        S3Pool s3 = new S3Pool(Regions.sampled(grid, k));
        Shape input = shape(random, grid[0] * random.nextInt(1, 5), grid[1] * random.nextInt(1, 5));
        float[] x = integers(random, input.elements());
        float[] g = integers(random, s3.outputShape(input).elements());
        RandomKey key = new RandomKey(SEED, i);
        Geometry places = s3.regions().geometry(input, key);
        try (Tensor tensor = pooling.tensor(input, x)) {
          assertSame(
              Libtorch.sampledMax(
                  x, input.sizes(), longs(k), starts(places.h()), starts(places.w()), g),
              pooling,
              s3.training(),
              Inputs.of(tensor).key(key),
              g,
              i);
          assertSame(
              Libtorch.averagedMax(x, input.sizes(), longs(k), g),
              pooling,
              s3,
              Inputs.of(tensor),
              g,
              i);
        }
      }
    }
  }

  private static long[] starts(AxisRegions axis) {
    return IntStream.range(0, axis.outputSize()).mapToLong(axis::origin).toArray();
  }
}
