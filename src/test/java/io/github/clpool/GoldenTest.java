package io.github.clpool;

import static io.github.clpool.tensor.DataType.BFLOAT16;
import static io.github.clpool.tensor.DataType.FLOAT16;
import static io.github.clpool.tensor.DataType.FLOAT32;
import static io.github.clpool.tensor.DataType.FLOAT64;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.clpool.tensor.DataType;
import java.util.Arrays;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * Numbers that are not our own, on every device: what PyTorch 2.13 printed, what its tests expect,
 * and hand arithmetic.
 */
class GoldenTest extends OnEveryDevice {
  private static final double NAN = Double.NaN;
  private static final double INF = Double.POSITIVE_INFINITY;

  GoldenTest(String device) {
    super(device);
  }

  private static double[] range(int from, int to) {
    double[] numbers = new double[to - from + 1];
    Arrays.setAll(numbers, i -> from + i);
    return numbers;
  }

  private static double[] full(int count, double value) {
    double[] numbers = new double[count];
    Arrays.fill(numbers, value);
    return numbers;
  }

  private static void checkForward(
      double[] output, int[] indices, String operator, String shape, double... x) {
    Forward forward = forward(FLOAT32, operator, shape, x);
    assertArrayEquals(output, forward.output(), operator);
    assertArrayEquals(indices, forward.indices(), operator);
  }

  @Test
  void pyTorchMaximum() {
    checkForward(of(NAN), new int[] {3}, "max window=5", "1x1x5", 1, NAN, 3, NAN, 2);
    checkForward(of(2), new int[] {0}, "max window=4", "1x1x4", 2, 2, 2, 1);
    checkForward(
        full(4, -INF),
        new int[] {0, 1, 3, 4},
        "max window=3 stride=2 padding=1",
        "1x1x3x3",
        full(9, -INF));
    checkForward(
        full(4, -4),
        new int[] {3, 3, 3, 3},
        "max window=2 stride=2 padding=1 dilation=2 ceilMode",
        "1x1x2x2",
        -1,
        -2,
        -3,
        -4);
    assertArrayEquals(of(2, 4), run("max window=2 stride=2", "1x1x5", range(1, 5)));
    assertArrayEquals(of(2, 4, 5), run("max window=2 stride=2 ceilMode", "1x1x5", range(1, 5)));
    checkForward(
        of(5, 7, 13, 15), new int[] {5, 7, 13, 15}, "max window=2", "1x1x4x4", range(0, 15));
    checkForward(full(4, NAN), new int[] {5, 7, 13, 15}, "max window=2", "1x1x4x4", full(16, NAN));
    checkForward(
        of(5, 6, 7, 9, 10, 11, 13, 14, 15),
        new int[] {5, 6, 7, 9, 10, 11, 13, 14, 15},
        "max adaptive=3",
        "1x1x4x4",
        range(0, 15));
    checkForward(
        full(8, -INF),
        new int[] {0, 2, 6, 8, 18, 20, 24, 26},
        "max window=1 stride=2",
        "1x1x3x3x3",
        full(27, -INF));
  }

  @Test
  void pyTorchMaximumGradient() {
    assertArrayEquals(
        of(0, 2, 0, 1, 0),
        gradient(FLOAT32, "max window=3 stride=1", "1x1x5", of(1, 5, 2, 4, 3), 1, 1, 1));
    // all of a window with NaN goes to its last NaN
    assertArrayEquals(
        of(0, 0, 0, 7, 0), gradient(FLOAT32, "max window=5", "1x1x5", of(1, NAN, 3, NAN, 2), 7));
  }

  @Test
  void pyTorchAverage() {
    assertArrayEquals(
        of(1, 3, 3), run("avg window=3 stride=2 padding=1 ceilMode", "1x1x5", range(1, 5)));
    assertArrayEquals(
        of(1.5, 3, 4.5),
        run(
            "avg countIncludePad=false window=3 stride=2 padding=1 ceilMode",
            "1x1x5",
            range(1, 5)));
    assertArrayEquals(
        of(.25, .5, .5, 1), run("avg window=4 padding=2 ceilMode", "1x1x6x6", full(36, 1)));
    assertArrayEquals(
        of(2 / 3f, 1, 1, .5), run("avg window=3 stride=2 padding=1 ceilMode", "1x1x6", full(6, 1)));
    assertArrayEquals(
        full(4, 1),
        run("avg countIncludePad=false window=3 stride=2 padding=1 ceilMode", "1x1x6", full(6, 1)));
    assertArrayEquals(of(1.5, 3.5, 5), run("avg window=2 ceilMode", "1x1x5", range(1, 5)));
    assertArrayEquals(of(-4.5), run("avg divisorOverride=-2 window=3", "1x1x3x3", full(9, 1)));
    assertArrayEquals(
        of(.5, 2.5, 4.5, 6.5, 8.5, 10.5, 12.5, 14.5),
        run("avg adaptive=KEEPx2", "1x1x4x4", range(0, 15)));
    // gh-36977: a window entirely in the overhang gave NaN
    assertArrayEquals(
        full(2, 1),
        run(
            "avg countIncludePad=false window=1x2 stride=2 padding=0x1 ceilMode",
            "1x1x1x3",
            1,
            1,
            1));
  }

  @Test
  void paddingOfSameWindowsIsCountedWhereThatIsAskedFor() {
    String same = "window=3 stride=2 same"; // ONNX Runtime's AveragePool gives these
    assertArrayEquals(
        of(2, 4, 6, 8, 19 / 3f), run("avg countIncludePad=true " + same, "1x1x10", range(1, 10)));
    assertArrayEquals(of(2, 4, 6, 8, 9.5), run("avg " + same, "1x1x10", range(1, 10)));
    assertArrayEquals(
        of(2, 4, 6, 8, 9.5), run("avg countIncludePad=false " + same, "1x1x10", range(1, 10)));
    assertArrayEquals(
        of(1, 3, 8 / 3f), run("avg countIncludePad window=3 stride=1 sameLower", "1x1x3", 1, 2, 6));
    assertArrayEquals(
        of(2.75, 5.25, 4.5),
        run("mix mean countIncludePad window=2 stride=1 same", "1x1x3", 2, 3, 6));
  }

  @Test
  void windowsInThePaddingAreEmptyRegions() {
    String window = " window=1 padding=1 widePadding";
    checkForward(of(-INF, 5, -INF), new int[] {-1, 0, -1}, "max" + window, "1x1x1", 5);
    checkForward(of(INF, 5, INF), new int[] {-1, 0, -1}, "min" + window, "1x1x1", 5);
    for (String name : new String[] {"sum", "avg", "avg countIncludePad=false", "lp p=2", "soft"}) {
      assertArrayEquals(of(0, 5, 0), run(name + window, "1x1x1", 5), name);
      double[] dx = gradient(FLOAT32, name + window, "1x1x1", of(5), 100, 7, 100);
      assertArrayEquals(of(7), dx, name);
    }
    assertArrayEquals(of(7), gradient(FLOAT32, "max" + window, "1x1x1", of(5), 100, 7, 100));
  }

  @Test
  void minimumMirrorsMaximum() {
    checkForward(of(1), new int[] {3}, "min window=4", "1x1x4", 2, 2, 2, 1);
    checkForward(of(NAN), new int[] {3}, "min window=5", "1x1x5", 1, NAN, 3, NAN, -2);
    checkForward(of(-0.0), new int[] {1}, "min window=3", "1x1x3", 0.0, -0.0, -0.0);
    checkForward(of(-INF), new int[] {1}, "min global", "1x1x3", INF, -INF, 0);
    checkForward(of(INF), new int[] {0}, "min global", "1x1x3", INF, INF, INF);
    assertArrayEquals(of(0, 0, 3, 0), gradient(FLOAT32, "min global", "1x1x4", of(4, 5, 1, 1), 3));
  }

  @Test
  void positiveZeroIsAboveNegativeZero() {
    checkForward(of(0.0), new int[] {1}, "max window=3", "1x1x3", -0.0, 0.0, 0.0);
    checkForward(of(-0.0), new int[] {0}, "max window=3", "1x1x3", -0.0, -0.0, -0.0);
    assertArrayEquals(
        of(0, 5, 0), gradient(FLOAT32, "max window=3", "1x1x3", of(-0.0, 0.0, 0.0), 5));
  }

  @Test
  void emptyRegionsGiveTheNeutralElementAndTakeNoGradient() {
    String window = " window=2 stride=1 padding=1 dilation=2"; // its taps are -1 and 1
    checkForward(full(2, -INF), new int[] {-1, -1}, "max" + window, "1x2x1", 5, 6);
    checkForward(full(2, INF), new int[] {-1, -1}, "min" + window, "1x2x1", 5, 6);
    assertArrayEquals(full(2, 0), run("sum" + window, "1x2x1", 5, 6));
    assertArrayEquals(full(2, 0), run("avg" + window, "1x2x1", 5, 6));
    assertArrayEquals(full(2, 0), run("avg countIncludePad=false" + window, "1x2x1", 5, 6));
    assertArrayEquals(full(2, 0), run("avg divisorOverride=-3" + window, "1x2x1", 5, 6));
    for (String name : new String[] {"max", "min", "sum", "avg", "avg countIncludePad=false"}) {
      double[] dx = gradient(FLOAT32, name + window, "1x2x1", of(5, 6), 1, 1);
      assertArrayEquals(full(2, 0), dx, name); // PyTorch 2.13 gives [0, 1] for max
    }
  }

  @Test
  void signsOfZeroSums() {
    assertArrayEquals(of(-0.0), run("sum window=3", "1x1x3", full(3, -0.0)));
    assertArrayEquals(of(0.0), run("sum window=3", "1x1x3", -0.0, 0.0, -0.0));
    assertArrayEquals(of(0.0), run("sum global", "1x1x2", 1, -1));
    assertArrayEquals(
        full(2, -0.0), run("avg window=3 stride=2 padding=1", "1x1x3", full(3, -0.0)));
    assertArrayEquals(of(-0.0), run("avg divisorOverride=-2 global", "1x1x2", 0, 0));
    // a complete gradient is a sum plus +0
    assertArrayEquals(full(2, 0.0), gradient(FLOAT32, "sum window=2", "1x1x2", of(1, 2), -0.0));
    assertArrayEquals(full(2, 0.0), gradient(FLOAT32, "max window=2", "1x1x2", of(1, 2), -0.0));
    assertArrayEquals(full(2, 0.0), added(FLOAT32, "sum window=2", "1x1x2", full(2, -0.0), -0.0));
  }

  private static double[] with(int count, double... positionsAndValues) {
    double[] numbers = new double[count];
    for (int i = 0; i < positionsAndValues.length; i += 2) {
      numbers[(int) positionsAndValues[i]] = positionsAndValues[i + 1];
    }
    return numbers;
  }

  private static final double BIG = 0x1p24; // adding 1 to it changes nothing in float

  @Test
  void longSumsAreCutIntoBlocksOf64() {
    assertArrayEquals(of(BIG), run("sum global", "1x1x64", with(64, 0, BIG, 62, 1, 63, 1)));
    assertArrayEquals(of(BIG + 2), run("sum global", "1x1x66", with(66, 0, BIG, 64, 1, 65, 1)));
    assertArrayEquals(of(BIG), run("sum global", "1x1x66", with(66, 0, BIG, 63, 1, 64, 1)));
    // blocks of blocks: the sums of blocks 64 and 65 meet before they are added
    int count = 66 * 64;
    assertArrayEquals(
        of(BIG + 2),
        run("sum global", "1x1x" + count, with(count, 0, BIG, 64 * 64, 1, 65 * 64, 1)));
    assertArrayEquals(
        of(BIG), run("sum global", "1x1x" + count, with(count, 0, BIG, 63 * 64, 1, 64 * 64, 1)));
  }

  @Test
  void paddingKeepsItsPlaceAmongThe64() {
    // tap 0 is padding, so that x[63] and x[64] are taps 64 and 65
    assertArrayEquals(
        of(BIG + 2),
        run("sum window=66 padding=1:0 stride=1", "1x1x65", with(65, 0, BIG, 63, 1, 64, 1)));
    double[] behind =
        run("sum window=66 padding=0:1 stride=1", "1x1x66", with(66, 0, BIG, 64, 1, 65, 1));
    assertEquals(BIG + 2, behind[0]);
    assertEquals(2, behind[1]);
  }

  @Test
  void sumsGoOverHeightThenDepthThenWidth() {
    double big = 1e8; // adding 1 to it changes nothing in float
    assertArrayEquals(of(2), run("sum global", "1x1x2x2", big, 1, -big, 1));
    assertArrayEquals(of(2), run("sum global", "1x1x2x2x1", big, -big, 1, 1));
    assertArrayEquals(of(2), run("sum global", "1x1x2x1x2", big, 1, -big, 1));
    // the gradient alike, over outputs: the middle cell is covered by all four
    assertArrayEquals(
        of(2),
        of(gradient(FLOAT32, "sum window=2 stride=1", "1x1x3x3", full(9, 0), big, 1, -big, 1)[4]));
  }

  @Test
  void gradientsOfSumsAreBlockedAndThoseOfMaximaArePlain() {
    double[] g = with(66, 0, BIG, 64, 1, 65, 1);
    double[] x = with(131, 65, 3);
    assertEquals(BIG + 2, gradient(FLOAT32, "sum window=66 stride=1", "1x1x131", x, g)[65]);
    assertEquals(BIG, gradient(FLOAT32, "max window=66 stride=1", "1x1x131", x, g)[65]);
    // counted from the first output that covers the cell: cell 66 starts at output 1
    double[] later = with(67, 1, BIG, 65, 1, 66, 1);
    assertEquals(
        BIG + 2, gradient(FLOAT32, "sum window=66 stride=1", "1x1x132", full(132, 0), later)[66]);
  }

  @Test
  void averagesDivideOnce() {
    // 0.1 + 0.1 + 0.1 in float, divided by 3 in float
    float sum = 0.1f + 0.1f + 0.1f;
    assertArrayEquals(of(sum / 3f), run("avg window=3", "1x1x3", 0.1, 0.1, 0.1));
    assertArrayEquals(
        full(3, 0.1f / 3f), gradient(FLOAT32, "avg window=3", "1x1x3", full(3, 1), 0.1));
    assertArrayEquals(
        of(Float.MIN_VALUE * 2),
        run("avg window=2", "1x1x2", Float.MIN_VALUE * 2, Float.MIN_VALUE));
  }

  @Test
  void longAveragesStayExact() {
    double mean = run("avg global", "1x1x1000x1000", full(1_000_000, 0.1f))[0];
    assertEquals(0.1, mean, 1e-7); // a running sum in float gives 0.10096
  }

  @Test
  void halfTypesComputeInFloatAndRoundOnce() {
    assertArrayEquals(
        of(300), forward(FLOAT16, "avg global", "1x1x300x300", full(90_000, 300)).output());
    assertArrayEquals(of(INF), forward(FLOAT16, "sum global", "1x1x2", 60000, 60000).output());
    // 2048 + 1 + 1: in half arithmetic the ones vanish, as on PyTorch's CPU
    assertArrayEquals(
        of(0, 0, 2050, 0, 0),
        gradient(FLOAT16, "max window=3 stride=1", "1x1x5", of(0, 0, 9, 0, 0), 2048, 1, 1));
    for (DataType type : new DataType[] {FLOAT16, BFLOAT16}) {
      assertArrayEquals(
          of(1), forward(type, "avg adaptive=1", "1x1x20x40x40", full(32_000, 1)).output());
    }
    // the tie between 1 and 1 + 2^-7 goes to even, once
    assertArrayEquals(of(1), forward(BFLOAT16, "avg global", "1x1x2", 1, 1 + 0x1p-7).output());
    // added before it is rounded: 2048 + (1 + 2^-11)
    assertArrayEquals(
        of(2048, 2050, 2048),
        added(FLOAT16, "sum window=2 stride=1", "1x1x3", of(2048, 2048, 2048), 0x1p-11, 1));
  }

  @Test
  void gradientsAreAddedToWhatIsThere() {
    assertArrayEquals(
        of(11, 23, 32), added(FLOAT32, "sum window=2 stride=1", "1x1x3", of(10, 20, 30), 1, 2));
  }

  @Test
  void doublesAreComputedInDouble() {
    Assumptions.assumeTrue(
        pooling().refusal(FLOAT64).isEmpty(), () -> "no doubles: " + pooling().refusal(FLOAT64));
    assertArrayEquals(
        of((0.1 + 0.2 + 0.3) / 3),
        forward(FLOAT64, "avg window=3", "1x1x3", 0.1, 0.2, 0.3).output());
    assertArrayEquals(
        of(0.1 / 3, 0.1 / 3 + 0.7 / 3, 0.1 / 3 + 0.7 / 3, 0.7 / 3),
        gradient(FLOAT64, "avg window=3 stride=1", "1x1x4", full(4, 0), 0.1, 0.7));
    assertArrayEquals(of(1e300), forward(FLOAT64, "max window=2", "1x1x2", 1e300, -1e300).output());
  }
}
