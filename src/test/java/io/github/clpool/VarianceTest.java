package io.github.clpool;

import static io.github.clpool.tensor.DataType.FLOAT16;
import static io.github.clpool.tensor.DataType.FLOAT32;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;

/** Variances and standard deviations by hand arithmetic, on every device. */
class VarianceTest extends OnEveryDevice {
  private static final double NAN = Double.NaN;
  private static final double INF = Double.POSITIVE_INFINITY;

  VarianceTest(String device) {
    super(device);
  }

  /** One region: its output, and the gradient of its cells where the output's is g. */
  private static void check(String reduction, double[] x, double y, double g, double... gradient) {
    String operator = reduction + " global";
    String shape = "1x1x" + x.length;
    assertArrayEquals(of(y), run(operator, shape, x), reduction);
    assertArrayEquals(gradient, gradient(FLOAT32, operator, shape, x, g), reduction);
  }

  @Test
  void aTextbookExample() {
    // the mean is 5, the distances are -3, -1, -1, -1, 0, 0, 2, 4, their squares sum to 32
    double[] x = {2, 4, 4, 4, 5, 5, 7, 9};
    check("variance", x, 4, 4, -3, -1, -1, -1, 0, 0, 2, 4);
    check("std", x, 2, 16, -3, -1, -1, -1, 0, 0, 2, 4);
    float y = 32f / 7;
    assertArrayEquals(of(y), run("variance sample global", "1x1x8", x));
    assertArrayEquals(of((float) Math.sqrt(y)), run("std sample global", "1x1x8", x));
  }

  @Test
  void samplesAreDividedByOneLess() {
    check("variance sample", of(1, 3, 5), 4, 8, -16, 0, 16);
    check("std sample", of(1, 3, 5), 2, 8, -4, 0, 4);
    check("variance sample", of(1, 3), 2, 8, -16, 16);
  }

  @Test
  void oneCellDoesNotVaryAndIsNoSample() {
    check("variance", of(0.1f), 0, 7, 0);
    check("std", of(0.1f), 0, 7, 0);
    check("variance sample", of(0.1f), NAN, 7, NAN);
    check("std sample", of(0.1f), NAN, 7, NAN);
  }

  @Test
  void equalCellsWhoseSumIsExact() {
    check("variance", of(-2.5, -2.5, -2.5), 0, 7, 0, 0, 0);
    check("std", of(-2.5, -2.5, -2.5), 0, 7, 0, 0, 0);
    check("std sample", of(-0.0, 0, -0.0), 0, 7, 0, 0, 0);
  }

  /** Neither squares of large cells nor their difference is what is computed. */
  @Test
  void aLargeMeanCancels() {
    check("variance", of(4097, 4099, 4097, 4099), 1, 2, -1, 1, -1, 1);
    check("variance", of(0x1p22 - 1, 0x1p22 + 1), 1, 1, -1, 1);
  }

  @Test
  void specialNumbersSpoilTheirRegion() {
    for (String reduction : new String[] {"variance", "std", "variance sample", "std sample"}) {
      check(reduction, of(1, NAN, 2), NAN, 1, NAN, NAN, NAN);
      check(reduction, of(1, INF, -INF), NAN, 1, NAN, NAN, NAN);
      check(reduction, of(INF, INF), NAN, 1, NAN, NAN);
    }
    check("variance", of(1, INF), NAN, 1, -INF, NAN); // distances -infinity and NaN
  }

  @Test
  void overflowFollowsTheFormula() {
    check("variance", of(0x1p100, -0x1p100), INF, 1, 0x1p100, -0x1p100); // squares overflow
    check("std", of(0x1p100, -0x1p100), INF, 1, 0, 0);
    check("variance", of(3e38, 3e38), INF, 1, -INF, -INF); // the sum overflows
  }

  @Test
  void squaresMayVanish() {
    check("std", of(0x1p-100, -0x1p-100), 0, 7, 0, 0);
    check("variance", of(0x1p-100, -0x1p-100), 0, 0x1p90, 0x1p-10, -0x1p-10);
  }

  /** The mean of the squares is 2^-148. */
  @Test
  void subnormalSquaresHaveARoot() {
    assumeTrue(pooling().keepsSubnormals(), "the device flushes subnormals");
    check("std", of(0x1p-74, -0x1p-74), 0x1p-74, 2, 1, -1);
  }

  @Test
  void paddingIsNoCell() {
    String window = " window=3 stride=2 padding=1";
    double[] x = of(1, 3, 5, 7);
    assertArrayEquals(of(1, 8 / 3.0f), run("variance" + window, "1x1x4", x));
    assertArrayEquals(of(2, 4), run("variance sample" + window, "1x1x4", x));
  }

  @Test
  void gradientsOfOverlappingWindowsAreAdded() {
    double[] x = of(1, 3, 1);
    String window = " window=2 stride=1";
    assertArrayEquals(of(1, 1), run("variance" + window, "1x1x3", x));
    assertArrayEquals(of(-8, 12, -4), gradient(FLOAT32, "variance" + window, "1x1x3", x, 8, 4));
    assertArrayEquals(of(-4, 6, -2), gradient(FLOAT32, "std" + window, "1x1x3", x, 8, 4));
  }

  @Test
  void regionsOfThreeAxes() {
    double[] x = of(1, 1, 1, 1, 3, 3, 3, 3);
    assertArrayEquals(of(1), run("std global", "1x1x2x2x2", x));
    assertArrayEquals(of(0, 0), run("std window=1x2x2", "1x1x2x2x2", x));
  }

  @Test
  void halvesAreComputedInFloat() {
    // squares of these overflow in half, their root does not
    double[] x = of(-1000, 1000);
    assertArrayEquals(of(1000), forward(FLOAT16, "std window=2", "1x1x2", x).output());
    assertArrayEquals(of(INF), forward(FLOAT16, "variance window=2", "1x1x2", x).output());
  }

  @Test
  void emptyRegionsAreZero() {
    for (String reduction : new String[] {"variance", "std", "variance sample", "std sample"}) {
      String operator = reduction + " window=2 stride=1 padding=1 dilation=2";
      assertArrayEquals(of(0), run(operator, "1x1x1", 5));
      assertArrayEquals(of(0), gradient(FLOAT32, operator, "1x1x1", of(5), 7));
    }
  }
}
