package io.github.clpool;

import static io.github.clpool.tensor.DataType.FLOAT32;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.clpool.op.Inputs;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Operators;
import io.github.clpool.op.RandomKey;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** The expected value of stochastic pooling by hand arithmetic, and as the mean of many draws. */
class ExpectedPoolTest extends OnEveryDevice {
  private static final String WINDOW = "stochastic expected window=4";
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final double NAN = Double.NaN;

  ExpectedPoolTest(String device) {
    super(device);
  }

  /**
   * One window of four cells: its output, and the gradient of its cells where the output's is 8.
   */
  private static void check(double[] x, double y, double... gradient) {
    assertArrayEquals(of(y), run(WINDOW, "1x1x4", x));
    assertArrayEquals(gradient, gradient(FLOAT32, WINDOW, "1x1x4", x, 8));
  }

  @Test
  void cellsWeighThemselves() {
    // 10 / 4; terms 8 * ((2x - 2.5) / 4)
    check(of(1, 3, -2, 0), 2.5, -1, 7, 0, -5);
    check(of(-0.0, 5, -INF, -1), 5, -8, 8, 0, 0);
  }

  @Test
  void nothingPositiveGivesZeroAndNoGradient() {
    check(of(0, -1, -0.0, -INF), 0, 0, 0, 0, 0);
  }

  @Test
  void aNanSpoilsItsWindow() {
    check(of(1, NAN, -1, 0), NAN, NAN, NAN, 0, NAN);
    check(of(NAN, -1, -1, -1), NAN, NAN, 0, 0, 0);
  }

  @Test
  void infinityAndOverflowFollowTheFormula() {
    double great = 0x1p100;
    check(of(1, INF, -1, 0), NAN, NAN, NAN, 0, NAN); // infinity / infinity
    check(of(great, great, -1, 0), INF, -INF, -INF, 0, -INF); // squares overflow
    double max = Float.MAX_VALUE;
    check(of(max, max, 0, 0), NAN, NAN, NAN, NAN, NAN);
  }

  @Test
  void gradientsOfOverlappingWindowsAreAdded() {
    String operator = "stochastic expected window=2 stride=1";
    assertArrayEquals(of(2.5, 2.5), run(operator, "1x1x3", 1, 3, 1));
    assertArrayEquals(of(-1, 14, -1), gradient(FLOAT32, operator, "1x1x3", of(1, 3, 1), 8, 8));
  }

  @Test
  void regionsOfThreeAxes() {
    // 1 + 4 + ... + 64 = 204 by 36
    double[] x = of(1, 2, 3, 4, 5, 6, 7, 8);
    assertEquals((float) (204.0 / 36), run("stochastic expected global", "1x1x2x2x2", x)[0]);
  }

  @Test
  void needsNoKeyAndSelectsNothing() {
    assertFalse(Operators.parse(WINDOW).hasIndices());
  }

  /** 204 / 36 within five standard deviations: the variance is 1296 / 36 - (204 / 36)^2 = 3.9. */
  @Test
  void isTheMeanOfTheDraws() {
    int windows = TestDevices.isSimulator() ? 1000 : 20_000;
    float[] x = new float[8 * windows];
    for (int i = 0; i < x.length; i++) {
      x[i] = i % 8 + 1;
    }
    Operator operator = Operators.parse("stochastic window=8");
    try (Tensor tensor = pooling().tensor(Shape.of(1, 1, x.length), x);
        Tensor y = pooling().run(operator, Inputs.of(tensor).key(RandomKey.of(2013)))) {
      double mean = 0;
      for (double drawn : y.toDoubles()) {
        mean += drawn / windows;
      }
      assertEquals(204.0 / 36, mean, 5 * Math.sqrt(3.9 / windows));
    }
  }
}
