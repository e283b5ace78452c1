package io.github.clpool;

import static io.github.clpool.tensor.DataType.FLOAT16;
import static io.github.clpool.tensor.DataType.FLOAT32;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

/**
 * SoftPool with the numbers of its paper's definition (NumPy, double), where implementations
 * without subtraction of the maximum overflow, and with infinities and NaNs; on every device.
 */
class SoftPoolTest extends OnEveryDevice {
  private static final double NAN = Double.NaN;
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final double[] WEIGHTS = {.032058603, .087144319, .236882818, .643914260};

  SoftPoolTest(String device) {
    super(device);
  }

  private static void check(double expected, double... window) {
    assertArrayEquals(
        of(expected), run("soft global", "1x1x" + window.length, window), Math.abs(expected) / 1e6);
  }

  private static double[] gradient(String operator, double g, double... window) {
    return gradient(FLOAT32, operator, "1x1x" + window.length, window, g);
  }

  @Test
  void weighsByExponentials() {
    check(3.49265273458577, 1, 2, 3, 4);
    check(3.49265273458577, 4, 3, 2, 1);
    check(.058951269, -1, 0, .5, -2);
    assertArrayEquals(
        of(3.49265273458577, 7.49265273458577),
        run("soft window=2", "1x1x2x4", 1, 2, 5, 6, 3, 4, 7, 8),
        4e-6);
  }

  @Test
  void gradientIsTheDerivative() {
    assertArrayEquals(
        of(-.047852362, -.042931887, .120181850, .970602399),
        gradient("soft window=4", 1, 1, 2, 3, 4),
        1e-6);
    assertArrayEquals(
        of(-.006880520, .298562132, .753786783, -.045468395),
        gradient("soft window=4", 1, -1, 0, .5, -2),
        1e-6);
  }

  @Test
  void paperGradientIsTheWeights() {
    assertArrayEquals(WEIGHTS, gradient("soft paperGradient window=4", 1, 1, 2, 3, 4), 1e-6);
  }

  /** Exponentials of these cells overflow or vanish in float. */
  @Test
  void neitherOverflowsNorVanishes() {
    check(89, 89, 1, 1, 1);
    check(88, 88, 88, 88, 88);
    check(3.49265273458577 - 108, -107, -106, -105, -104);
    check(1e4 - Math.exp(-1) / (1 + Math.exp(-1)), 1e4, 9999);
    check(-1e30, -1e30, -2e30);
    assertArrayEquals(of(12), forward(FLOAT16, "soft window=4", "1x1x4", 12, 12, 12, 12).output());
    assertArrayEquals(
        WEIGHTS, gradient("soft paperGradient window=4", 1, 101, 102, 103, 104), 1e-6);
    assertArrayEquals(
        of(1, 0), gradient("soft window=2", 1, 3e38, -3e38)); // their distance is infinite
  }

  @Test
  void infiniteMaximaAreSelected() {
    double[][] windows = {{1, INF, -INF}, {INF, 1, INF}, {-INF, -INF, -INF}};
    int[] selected = {1, 0, 0};
    for (int i = 0; i < windows.length; i++) {
      assertArrayEquals(of(windows[i][selected[i]]), run("soft window=3", "1x1x3", windows[i]));
      double[] gradient = new double[3];
      gradient[selected[i]] = 7;
      assertArrayEquals(gradient, gradient("soft window=3", 7, windows[i]));
      assertArrayEquals(gradient, gradient("soft paperGradient window=3", 7, windows[i]));
    }
    // a single finite cell is all there is
    assertArrayEquals(of(2), run("soft window=3", "1x1x3", -INF, 2, -INF));
    assertArrayEquals(of(0, 7, 0), gradient("soft window=3", 7, -INF, 2, -INF));
  }

  @Test
  void theLastNanIsSelected() {
    assertArrayEquals(of(NAN), run("soft window=4", "1x1x4", NAN, INF, NAN, 1));
    assertArrayEquals(of(0, 0, 7, 0), gradient("soft window=4", 7, NAN, INF, NAN, 1));
  }

  @Test
  void paddingIsNoCell() {
    assertArrayEquals(of(-5), run("soft window=3 padding=1", "1x1x1", -5));
  }

  @Test
  void emptyRegionsAreZero() {
    String operator = "soft window=2 stride=1 padding=1 dilation=2";
    assertArrayEquals(of(0), run(operator, "1x1x1", 5));
    assertArrayEquals(of(0), gradient(operator, 7, 5));
  }
}
