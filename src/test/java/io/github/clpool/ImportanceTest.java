package io.github.clpool;

import static io.github.clpool.op.Role.GRAD_INPUT;
import static io.github.clpool.op.Role.GRAD_LOGITS;
import static io.github.clpool.op.Role.INPUT;
import static io.github.clpool.op.Role.LOGITS;
import static io.github.clpool.op.Role.OUTPUT;
import static io.github.clpool.tensor.DataType.FLOAT32;
import static io.github.clpool.tensor.DataType.FLOAT64;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.clpool.op.Direction;
import io.github.clpool.op.Role;
import io.github.clpool.op.SoftGate;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Importance pooling (LIP) and its gate: golden numbers, and what no network should need. */
class ImportanceTest extends OnEveryDevice {
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final double NAN = Double.NaN;

  ImportanceTest(String device) {
    super(device);
  }

  private static Map<Role, double[]> pool(
      DataType type, String shape, double[] x, double[] logits, double... g) {
    return train(type, "importance window=2", shape, Map.of(INPUT, x, LOGITS, logits), g);
  }

  /** By the formula in double: x = 1, 2, 3, 4 with logits 0, 1, -1, 0.5. */
  private static void checkGolden(DataType type, double error) {
    Map<Role, double[]> found = pool(type, "1x1x2x2", of(1, 2, 3, 4), of(0, 1, -1, .5), 1);
    assertArrayEquals(of(2.46475615914), found.get(OUTPUT), 10 * error);
    assertArrayEquals(
        of(.174371488, .473990846, .064147685, .287489981), found.get(GRAD_INPUT), error);
    assertArrayEquals(
        of(-.255411710, -.220290165, .034334654, .441367222), found.get(GRAD_LOGITS), error);
  }

  @Test
  void goldenNumbers() {
    checkGolden(FLOAT32, 2e-7);
    if (pooling().refusal(FLOAT64).isEmpty()) {
      checkGolden(FLOAT64, 1e-9);
    }
  }

  @Test
  void equalLogitsGiveTheAverage() {
    for (double logit : of(0, -0.0, 88, 1e4, -104, 3e38, -INF, INF)) {
      double[] logits = new double[4];
      Arrays.fill(logits, logit);
      Map<Role, double[]> found = pool(FLOAT32, "1x1x2x2", of(1, 2, 3, 6), logits, 8);
      assertArrayEquals(of(3), found.get(OUTPUT), "logit " + logit);
      assertArrayEquals(of(2, 2, 2, 2), found.get(GRAD_INPUT));
      assertArrayEquals(of(-4, -2, 0, 6), found.get(GRAD_LOGITS));
    }
  }

  @Test
  void cellsWithoutWeightDoNotMatterWhateverTheyAre() {
    for (double[] logits : new double[][] {of(0, -1000), of(INF, 1e30), of(7, -INF)}) {
      Map<Role, double[]> found = pool(FLOAT32, "1x2x2", of(5, INF, 6, NAN), twice(logits), 3, 4);
      assertArrayEquals(of(5, 6), found.get(OUTPUT));
      assertArrayEquals(of(3, 0, 4, 0), found.get(GRAD_INPUT));
      assertArrayEquals(of(0, 0, 0, 0), found.get(GRAD_LOGITS));
    }
  }

  private static double[] twice(double... pair) {
    return of(pair[0], pair[1], pair[0], pair[1]);
  }

  @Test
  void notANumberAmongTheLogitsIsTheOutput() {
    Map<Role, double[]> found = pool(FLOAT32, "1x1x4", of(1, 2, 3, 4), of(INF, NAN, 0, 0), 1, 1);
    assertArrayEquals(of(NAN, 3.5), found.get(OUTPUT));
    assertArrayEquals(of(NAN, NAN, .5, .5), found.get(GRAD_INPUT));
    assertArrayEquals(of(NAN, NAN, -.25, .25), found.get(GRAD_LOGITS));
  }

  @Test
  void paddingIsExcludedAndEmptyRegionsAreZero() {
    Map<Role, double[]> padded =
        train(
            FLOAT32,
            "importance window=2 padding=1",
            "1x1x2",
            Map.of(INPUT, of(3, 5), LOGITS, of(-9, 9)),
            1,
            1);
    assertArrayEquals(of(3, 5), padded.get(OUTPUT));
    Map<Role, double[]> empty =
        train(
            FLOAT32,
            "importance window=2 stride=1 padding=1 dilation=2",
            "1x2x1",
            Map.of(INPUT, of(3, 5), LOGITS, of(1, 1)),
            1,
            1);
    assertArrayEquals(of(0, 0), empty.get(OUTPUT));
    assertArrayEquals(of(0, 0), empty.get(GRAD_INPUT));
    assertArrayEquals(of(0, 0), empty.get(GRAD_LOGITS));
  }

  @Test
  void softGateIsTwelveTimesTheSigmoid() {
    double[] z = of(0, -0.0, 2, -2, 200, -200, INF, -INF);
    double[] g = of(1, 1, 1, 1, 1, 1, 1, 1);
    Map<Role, double[]> found = train(FLOAT32, "soft_gate", "1x1x8", Map.of(INPUT, z), g);
    double two = 12 / (1 + Math.exp(-2));
    assertArrayEquals(of(6, 6, two, 12 - two, 12, 0, 12, 0), found.get(OUTPUT), 2e-6);
    double slope = two * (12 - two) / 12;
    assertArrayEquals(of(3, 3, slope, slope, 0, 0, 0, 0), found.get(GRAD_INPUT), 2e-6);
    assertEquals(6, found.get(OUTPUT)[0]);
  }

  @Test
  void softGateAddsToWhatIsThere() {
    Shape shape = Shape.of(1, 1, 2);
    try (Tensor z = tensor(shape, FLOAT32, 0, 0);
        Tensor g = tensor(shape, FLOAT32, 1, 2);
        Tensor dz = tensor(shape, FLOAT32, 10, 20)) {
      Map<Role, Tensor> tensors = Map.of(INPUT, z, Role.GRAD_OUTPUT, g, GRAD_INPUT, dz);
      pooling().compute(new SoftGate(), Direction.BACKWARD, tensors, true);
      assertArrayEquals(of(13, 26), dz.toDoubles());
    }
  }
}
