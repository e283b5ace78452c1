package io.github.clpool;

import static io.github.clpool.tensor.DataType.FLOAT32;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.clpool.op.Operators;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Medians by hand, with their indices, on every device. */
class MedianTest extends OnEveryDevice {
  private static final double NAN = Double.NaN;
  private static final double INF = Double.POSITIVE_INFINITY;

  MedianTest(String device) {
    super(device);
  }

  private static void check(double[] output, int[] indices, String call, double... x) {
    String[] parts = call.split(" on ");
    Forward forward = forward(FLOAT32, parts[0], parts[1], x);
    assertArrayEquals(output, forward.output(), call);
    assertArrayEquals(indices, forward.indices(), call);
  }

  /** One region. */
  private static void check(double output, int index, double... x) {
    check(of(output), new int[] {index}, "median global on 1x1x" + x.length, x);
  }

  private static double[] range(int count) {
    return IntStream.range(0, count).asDoubleStream().toArray();
  }

  @Test
  void theMiddleInAscendingOrder() {
    check(7, 0, 7);
    check(3, 1, 5, 3);
    check(2, 2, 3, 1, 2);
    check(2, 3, 4, 1, 3, 2);
    check(-1, 4, 8, -5, 1e30, -1e30, -1);
    check(2, 3, 6, 5, 1, 2, 4, -1);
  }

  @Test
  void theFirstOfEqualCells() {
    check(2, 0, 2, 1, 2, 2);
    check(5, 1, 1, 5, 5, 5, 9);
    check(3, 0, 3, 3, 3);
  }

  @Test
  void negativeZeroIsBelow() {
    check(-0.0, 1, 0, -0.0);
    check(-0.0, 1, 0, -0.0, -0.0, 0);
    check(0, 1, -0.0, 0, 0);
    check(-0.0, 0, -0.0, 1, -1);
  }

  @Test
  void infinitiesAreInOrder() {
    check(1, 2, INF, -INF, 1);
    check(INF, 0, INF, INF, -INF);
    check(-INF, 1, 0, -INF, -INF, 1);
    check(-INF, 1, INF, -INF);
  }

  @Test
  void theLastNanIsSelected() {
    check(NAN, 0, NAN);
    check(NAN, 3, 1, NAN, 3, NAN, 2);
    check(NAN, 4, -INF, -INF, -INF, -INF, NAN, -INF);
    double[] x = of(1, NAN, 3, NAN, 2);
    assertArrayEquals(of(0, 0, 0, 7, 0), gradient(FLOAT32, "median global", "1x1x5", x, 7));
  }

  @Test
  void subnormalCellsAreInOrder() {
    assumeTrue(pooling().keepsSubnormals(), "the device flushes subnormals");
    double least = Float.MIN_VALUE;
    check(least, 2, 0, 3 * least, least, 2 * least, -0.0);
    check(-least, 1, 0, -least, -3 * least, -2 * least, least);
  }

  /** The filter of image processing; regions are smaller at the rim. */
  @Test
  void filterOfThreeByThree() {
    double[] x = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    check(
        of(2, 3, 3, 4, 5, 5, 5, 6, 6),
        new int[] {1, 2, 2, 3, 4, 4, 4, 5, 5},
        "median window=3 stride=1 padding=1 on 1x1x3x3",
        x);
    double[] speckled = new double[25];
    Arrays.fill(speckled, 10);
    speckled[0] = 255;
    speckled[7] = 0;
    speckled[13] = 255;
    double[] clean = new double[25];
    Arrays.fill(clean, 10);
    assertArrayEquals(clean, run("median window=3 stride=1 padding=1", "1x1x5x5", speckled));
  }

  @Test
  void filterOfFiveByFive() {
    int[] right = {
      6, 6, 7, 7, 8, //
      7, 8, 9, 9, 9, //
      11, 11, 12, 12, 13, //
      12, 13, 14, 14, 14, //
      16, 16, 17, 17, 18
    };
    double[] output = Arrays.stream(right).asDoubleStream().toArray();
    check(output, right, "median window=5 stride=1 padding=2 on 1x1x5x5", range(25));
  }

  @Test
  void otherRegions() {
    check(of(1, 3, 6), new int[] {1, 3, 6}, "median adaptive=3 on 1x1x8", range(8));
    String dilated = "median window=3 stride=1 dilation=2 same on 1x1x3";
    check(of(0, 1, 0), new int[] {0, 1, 0}, dilated, 0, 1, 2);
    check(of(3), new int[] {3}, "median global on 1x1x2x2x2", range(8));
    double[] large = new double[1001]; // 7i modulo 1001 is every multiple of 7, seven times
    Arrays.setAll(large, i -> 7 * i % 1001);
    check(of(497), new int[] {71}, "median global on 1x1x1001", large);
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64", "FLOAT16", "BFLOAT16"})
  void everyTypeIsSelectedAsItIs(DataType type) {
    assumeTrue(pooling().refusal(type).isEmpty());
    double[] x = {-1.5, 2.25, -0.0, NAN, 7, -2, 0.5, -INF};
    Forward forward = forward(type, "median window=2x2", "1x1x2x4", x);
    assertArrayEquals(of(-1.5, NAN), forward.output());
    assertArrayEquals(new int[] {0, 3}, forward.indices());
  }

  @Test
  void gradientsGoToTheSelectedCells() {
    double[] x = {1, 3, 2, 5, 4};
    String operator = "median window=3 stride=1"; // selects cells 2, 1 and 4
    assertArrayEquals(of(0, 4, 8, 0, 2), gradient(FLOAT32, operator, "1x1x5", x, 8, 4, 2));
    assertArrayEquals(of(0, 0, 6, 0), gradient(FLOAT32, operator, "1x1x4", of(1, 9, 2, 1.5), 2, 4));
  }

  @Test
  void valuesFindTheirWayBack() {
    try (Tensor x = tensor(Shape.of(1, 1, 2, 4), FLOAT32, 4, 1, 8, 6, 3, 2, 5, 7);
        Pass pass = pooling().forward(Operators.parse("median window=2"), x);
        Pass back = pass.unpool(pass.output())) {
      assertArrayEquals(of(0, 0, 0, 6, 0, 2, 0, 0), back.output().toDoubles());
    }
  }

  @Test
  void emptyRegionsSelectNothing() {
    String operator = "median window=2 stride=1 padding=1 dilation=2";
    check(of(0), new int[] {-1}, operator + " on 1x1x1", 5);
    assertArrayEquals(of(0), gradient(FLOAT32, operator, "1x1x1", of(5), 7));
  }
}
