package io.github.clpool;

import static io.github.clpool.tensor.DataType.FLOAT16;
import static io.github.clpool.tensor.DataType.FLOAT32;
import static io.github.clpool.tensor.DataType.FLOAT64;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;

/**
 * Logarithms of sums of exponentials by their definition in double, where that overflows by what
 * they tend to, and with infinities and NaNs; on every device.
 */
class LogSumExpTest extends OnEveryDevice {
  private static final double NAN = Double.NaN;
  private static final double INF = Double.POSITIVE_INFINITY;

  LogSumExpTest(String device) {
    super(device);
  }

  private static double[] run(String options, double... window) {
    return run("log_sum_exp " + options + " global", "1x1x" + window.length, window);
  }

  private static double[] gradient(String options, double g, double... window) {
    String operator = "log_sum_exp " + options + " global";
    return gradient(FLOAT32, operator, "1x1x" + window.length, window, g);
  }

  /** The definition, without subtraction of the maximum. */
  private static void check(double r, double... window) {
    double sum = 0;
    for (double x : window) {
      sum += Math.exp(r * x);
    }
    double mean = sum / window.length;
    String sharpness = "sharpness=" + r;
    assertArrayEquals(of(Math.log(sum) / r), run(sharpness, window), 2e-6);
    assertArrayEquals(of(Math.log(mean) / r), run(sharpness + " mean", window), 2e-6);
    double[] shares = window.clone();
    for (int i = 0; i < shares.length; i++) {
      shares[i] = 7 * Math.exp(r * window[i]) / sum;
    }
    assertArrayEquals(shares, gradient(sharpness, 7, window), 2e-6);
    assertArrayEquals(shares, gradient(sharpness + " mean", 7, window), 2e-6);
  }

  @Test
  void isTheLogarithmOfTheSumOfExponentials() {
    check(1, 1, 2, 3, 4);
    check(1, 4, 3, 2, 1);
    check(2, -1, 0, .5, -2);
    check(.25, -1, 0, .5, -2);
    check(9, .3, -.5);
    assertArrayEquals(of(Math.log(4)), run("", 0, 0, 0, 0), 1e-6);
  }

  @Test
  void regionsOfThreeAxes() {
    double[] zeros = new double[8];
    assertArrayEquals(of(Math.log(8)), run("log_sum_exp global", "1x1x2x2x2", zeros), 1e-6);
    assertArrayEquals(of(0), run("log_sum_exp mean global", "1x1x2x2x2", zeros));
  }

  @Test
  void oneCellIsItself() {
    for (double x : of(-5, 0.1f, 3e38)) {
      assertArrayEquals(of((float) x), run("", x));
      assertArrayEquals(of((float) x), run("sharpness=3 mean", x));
      assertArrayEquals(of(7), gradient("sharpness=3 mean", 7, x));
    }
    assertArrayEquals(of(0.0), run("", -0.0)); // -0 plus the logarithm of 1
  }

  @Test
  void aSubnormalCellIsItself() {
    assumeTrue(pooling().keepsSubnormals(), "the device flushes subnormals");
    assertArrayEquals(of(Float.MIN_VALUE), run("sharpness=3 mean", Float.MIN_VALUE));
  }

  /** Exponentials of these cells overflow or vanish in float. */
  @Test
  void neitherOverflowsNorVanishes() {
    assertArrayEquals(of(1e4 + Math.log1p(Math.exp(-1))), run("", 1e4, 9999), 1e-3);
    assertArrayEquals(of(-200 + Math.log(2)), run("", -200, -200), 1e-5);
    assertArrayEquals(of(100), run("mean", 100, 100, 100));
    assertArrayEquals(of(-1e30f), run("", -1e30, -2e30));
    assertArrayEquals(of(7, 0), gradient("", 7, 3e38, -3e38)); // their distance is infinite
    assertArrayEquals(of(0, 7), gradient("sharpness=1e3", 7, 1, 2));
    String halves = "log_sum_exp window=4";
    assertArrayEquals(
        of(12 + Math.log(4)), forward(FLOAT16, halves, "1x1x4", 12, 12, 12, 12).output(), 4e-3);
  }

  @Test
  void theSharpestIsTheMaximum() {
    assertArrayEquals(of(2), run("sharpness=1e30", 1, 2, 2));
    assertArrayEquals(of(2), run("sharpness=1e30 mean", 1, 2, 2));
    assertArrayEquals(of(0, 4, 4), gradient("sharpness=1e30", 8, 1, 2, 2));
  }

  /** Weights that vanish leave the sum, not the number of cells. */
  @Test
  void farCellsCountInTheMean() {
    assertArrayEquals(of(1000 - Math.log(4)), run("mean", 0, 1000, -INF, -1000), 1e-4);
  }

  @Test
  void theSharpnessIsRoundedOnce() {
    assumeTrue(pooling().refusal(FLOAT64).isEmpty());
    double r = 0.1;
    String operator = "log_sum_exp sharpness=0.1 window=2";
    double y = 3 + Math.log1p(Math.exp(-r)) / r;
    assertArrayEquals(of(y), forward(FLOAT64, operator, "1x1x2", 2, 3).output(), 1e-14);
  }

  @Test
  void overflowFollowsTheFormula() {
    assertArrayEquals(of(INF), run("sharpness=1.2e-38", 3e38, 3e38)); // log(2) / r is added
    assertArrayEquals(of(4, 4), gradient("sharpness=1.2e-38", 8, 3e38, 3e38));
  }

  @Test
  void infiniteMaximaAreSelected() {
    double[][] windows = {{1, INF, -INF}, {INF, 1, INF}, {-INF, -INF, -INF}};
    int[] selected = {1, 0, 0};
    for (int i = 0; i < windows.length; i++) {
      double[] gradient = new double[3];
      gradient[selected[i]] = 7;
      for (String options : new String[] {"", "mean", "sharpness=0.5"}) {
        assertArrayEquals(of(windows[i][selected[i]]), run(options, windows[i]));
        assertArrayEquals(gradient, gradient(options, 7, windows[i]));
      }
    }
    // a single finite cell is all there is
    assertArrayEquals(of(2), run("", -INF, 2, -INF));
    assertArrayEquals(of(0, 7, 0), gradient("mean", 7, -INF, 2, -INF));
  }

  @Test
  void theLastNanIsSelected() {
    assertArrayEquals(of(NAN), run("", NAN, INF, NAN, 1));
    assertArrayEquals(of(0, 0, 7, 0), gradient("mean", 7, NAN, INF, NAN, 1));
  }

  @Test
  void paddingIsNoCell() {
    assertArrayEquals(of(-5), run("log_sum_exp mean window=3 padding=1", "1x1x1", -5));
  }

  @Test
  void gradientsOfOverlappingWindowsAreAdded() {
    String operator = "log_sum_exp window=2 stride=1";
    assertArrayEquals(of(4, 6, 2), gradient(FLOAT32, operator, "1x1x3", of(1, 1, 1), 8, 4));
  }

  @Test
  void emptyRegionsAreZero() {
    for (String options : new String[] {"", "mean "}) {
      String operator = "log_sum_exp " + options + "window=2 stride=1 padding=1 dilation=2";
      assertArrayEquals(of(0), run(operator, "1x1x1", 5));
      assertArrayEquals(of(0), gradient(FLOAT32, operator, "1x1x1", of(5), 7));
    }
  }
}
