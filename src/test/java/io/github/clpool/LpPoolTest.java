package io.github.clpool;

import static io.github.clpool.tensor.DataType.FLOAT32;
import static io.github.clpool.tensor.DataType.FLOAT64;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

/** P-norms by hand arithmetic, and where PyTorch's differ; on every device. */
class LpPoolTest extends OnEveryDevice {
  private static final double NAN = Double.NaN;
  private static final double INF = Double.POSITIVE_INFINITY;

  LpPoolTest(String device) {
    super(device);
  }

  private static void check(double expected, String norm, double... window) {
    double[] output = run(norm + " global", "1x1x" + window.length, window);
    assertArrayEquals(of(expected), output, 5e-6, norm);
  }

  private static void checkGradient(double[] expected, String norm, double... window) {
    String shape = "1x1x" + window.length;
    assertArrayEquals(expected, gradient(FLOAT32, norm + " global", shape, window, 1), 1e-6, norm);
  }

  @Test
  void norms() {
    check(7, "lp p=1", -3, 4);
    check(5, "lp p=2", -3, 4);
    check(Math.cbrt(9), "lp p=3", 1, -2);
    check(Math.pow(97, .25), "lp p=4", -2, 3);
    check(Math.pow(1 + Math.sqrt(2), 2), "lp p=0.5", 1, -2);
    check(4, "lp p=inf", -4, 3);
  }

  @Test
  void means() {
    check(3.5, "lp p=1 mean", -3, 4);
    check(Math.sqrt(12.5), "lp p=2 mean", -3, 4);
    check(Math.cbrt(4.5), "lp p=3 mean", 1, -2);
    check(4, "lp p=inf mean", -4, 3);
    // the greater p, the closer to the maximum
    check(4 * Math.pow(.5, 1 / 32.0), "lp p=32 mean", 1, 4);
  }

  /** What PyTorch 2.13 gives: no magnitudes. */
  @Test
  void signedPowers() {
    check(-3, "lp p=1 signed", -1, -2);
    check(0, "lp p=1 signed", 1, -1);
    check(NAN, "lp p=3 signed", 1, -2);
    check(Math.cbrt(7), "lp p=3 signed", -1, 2);
    check(NAN, "lp p=1.5 signed", 1, -2);
    check(4, "lp p=inf signed", -4, 3);
  }

  /** p, 1 / p and p - 1 are rounded to float: infinity and 0 go on by the rules of powers. */
  @Test
  void exponentsBeyondTheType() {
    check(INF, "lp p=1e40", 1, -2);
    check(0, "lp p=1e40", .5, -.25);
    check(1, "lp p=1e-50 mean", .5, -4);
    check(INF, "lp p=1e-50", .5, -4);
    if (pooling().refusal(FLOAT64).isPresent()) {
      return;
    }
    double[] wide = forward(FLOAT64, "lp p=1e-310 mean global", "1x1x2", 1, 2).output();
    assertArrayEquals(of(1), wide);
  }

  @Test
  void infiniteNormHasIndices() {
    Forward forward = forward(FLOAT32, "lp p=inf window=2", "1x1x6", 1, -2, -3, 3, 0, -0.0);
    assertArrayEquals(of(2, 3, 0), forward.output());
    assertArrayEquals(new int[] {1, 2, 4}, forward.indices());
    double[] x = {1, -2, -3, 3, 0, -0.0};
    assertArrayEquals(
        of(0, -5, -6, 0, 0, 0), gradient(FLOAT32, "lp p=inf window=2", "1x1x6", x, 5, 6, 7));
    assertArrayEquals(of(0, 0), gradient(FLOAT32, "lp p=inf window=2", "1x1x2", of(1, NAN), 5));
  }

  @Test
  void gradients() {
    checkGradient(of(-1, 0, 1), "lp p=1", -2, 0, 3);
    checkGradient(of(1, 1), "lp p=1 signed", 1, -1); // PyTorch gives 0, 0
    checkGradient(of(-.5, .5), "lp p=1 mean", -2, 3);
    checkGradient(of(-.6, .8), "lp p=2", -3, 4);
    checkGradient(of(-3 / Math.sqrt(50), 4 / Math.sqrt(50)), "lp p=2 mean", -3, 4);
    checkGradient(of(1 / Math.pow(9, 2 / 3.0), -4 / Math.pow(9, 2 / 3.0)), "lp p=3", 1, -2);
    checkGradient(of(0, 0), "lp p=2", 0, 0);
    checkGradient(of(0, 1), "lp p=0.5", 0, 2);
    checkGradient(of(NAN, 0), "lp p=2", 1e30, 0); // the norm overflows
    checkGradient(of(NAN, NAN), "lp p=2", NAN, 1);
  }

  /** PyTorch divides the clipped window's sum by 1 and multiplies it with 2: 7.071. */
  @Test
  void clippedWindowsAreNotRescaled() {
    double[] output = run("lp p=2 window=2 ceilMode", "1x1x3", 3, 4, 5);
    assertArrayEquals(of(5, 5), output);
  }

  @Test
  void emptyRegionsAreZero() {
    for (String norm : new String[] {"lp p=1", "lp p=2 mean", "lp p=3", "lp p=inf"}) {
      String operator = norm + " window=2 stride=1 padding=1 dilation=2";
      assertArrayEquals(of(0), run(operator, "1x1x1", 5));
      assertArrayEquals(of(0), gradient(FLOAT32, operator, "1x1x1", of(5), 7));
    }
    assertArrayEquals(of(INF), run("lp p=2 window=2", "1x1x2", 1, -INF));
  }
}
