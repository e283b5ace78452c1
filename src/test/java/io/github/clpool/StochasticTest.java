package io.github.clpool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.exact.Philox;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Inputs;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Operators;
import io.github.clpool.op.RandomKey;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Drawn cells by hand arithmetic, by distribution, and whatever computes them. */
class StochasticTest extends OnEveryDevice {
  /** Its first uniform numbers are .61295986, .46858650, .07323170 and .34086150. */
  private static final RandomKey KEY = RandomKey.of(42);

  private static final float INF = Float.POSITIVE_INFINITY;

  StochasticTest(String device) {
    super(device);
  }

  private static Pass draw(String operator, Tensor x, RandomKey key) {
    return pooling().forward(Operators.parse(operator), Inputs.of(x).key(key));
  }

  /** Draws from windows of four cells, one for each number of the key. */
  private static void assertDraws(float[] x, float[] values, int... indices) {
    int windows = x.length / 4;
    try (Tensor tensor = pooling().tensor(Shape.of(1, windows, 4), x);
        Pass pass = draw("stochastic window=4", tensor, KEY)) {
      assertArrayEquals(values, pass.output().toFloats());
      assertArrayEquals(indices, pass.indices().toInts());
    }
  }

  @Test
  void theFirstRunningSumAboveTheThresholdIsDrawn() {
    float[] x = {1.6f, 0, 0, 2.4f, 1.6f, 0, 0, 2.4f, 1.6f, 0, 0, 2.4f, 1.6f, 0, 0, 2.4f};
    assertDraws(x, new float[] {2.4f, 2.4f, 1.6f, 1.6f}, 3, 3, 0, 0);
  }

  /** The total 2^24 times a number of the key is a whole number: its word without the last byte. */
  @Test
  void aSumThatOnlyReachesTheThresholdIsNotDrawn() {
    float all = 0x1p24f;
    float[] reached = {0x9ceaf0, 0x77f549, 0x12bf50, 0x5742b3};
    float[] x = new float[16];
    for (int i = 0; i < 4; i++) {
      float first = reached[i] + i % 2; // above it by 1 in every second window
      x[4 * i] = first;
      x[4 * i + 2] = all - first;
    }
    assertDraws(x, new float[] {x[2], x[4], x[10], x[12]}, 2, 0, 2, 0);
  }

  /** The least number times .61 is itself again, and no sum is above it. */
  @Test
  void theLastPositiveCellIsDrawnWhereNoSumIsAboveTheThreshold() {
    Assumptions.assumeTrue(pooling().keepsSubnormals(), "the device flushes subnormals");
    float least = Float.MIN_VALUE;
    float[] x = {0, least, 0, -1, 0, 0, least, 0, -1, 0, 0, least, least, 0, 0, 0};
    assertDraws(x, new float[] {least, least, least, least}, 1, 2, 3, 0);
  }

  @Test
  void negativeCellsAndZerosAreNeverDrawn() {
    float[] x = {-9, 1, -9, -9, -1, -0f, 0, -INF, 0, 0, 0, 0, -5, -5, 0, 2};
    assertDraws(x, new float[] {1, 0, 0, 2}, 1, -1, -1, 3);
  }

  @Test
  void theLastNanComesBeforeTheFirstInfinity() {
    float[] x = {
      1, INF, INF, -INF, Float.NaN, INF, Float.NaN, 0, -1, INF, 0, 1, -1, Float.NaN, 0, 0
    };
    assertDraws(x, new float[] {INF, Float.NaN, INF, Float.NaN}, 1, 2, 1, 1);
  }

  @Test
  void totalsThatOverflowAreScaled() {
    float max = Float.MAX_VALUE;
    float[] x = {max, max, max, max, max, 1, max, 1, max, max, 0, 0, max, max, max, 0};
    // thresholds: 2.45, 0.94, 0.15 and 1.02 times the maximum
    assertDraws(x, new float[] {max, max, max, max}, 2, 0, 0, 1);
  }

  @Test
  void paddingIsNeverDrawn() {
    Shape shape = Shape.of(1, 1, 3, 3);
    float[] x = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    try (Tensor tensor = pooling().tensor(shape, x)) {
      for (RandomKey key = KEY; key.call() < 20; key = key.next()) {
        try (Pass pass = draw("stochastic window=3 stride=2 padding=1", tensor, key)) {
          int[] indices = pass.indices().toInts();
          float[] values = pass.output().toFloats();
          for (int i = 0; i < 4; i++) {
            assertEquals(x[indices[i]], values[i]);
          }
        }
      }
    }
  }

  @Test
  void aGradientGoesToTheDrawnCellAndValuesFindTheirWayBack() {
    Shape shape = Shape.of(1, 1, 2, 4);
    float[] x = {1.6f, 0, 1.6f, 0, 0, 2.4f, 0, 2.4f};
    try (Tensor tensor = pooling().tensor(shape, x);
        Pass pass = draw("stochastic window=2", tensor, new RandomKey(42, 0));
        Tensor g = pooling().tensor(Shape.of(1, 1, 1, 2), 10, 20);
        Tensor dx = pass.backward(g);
        Pass back = pass.unpool(pass.output())) {
      assertArrayEquals(new float[] {0, 0, 0, 0, 0, 10, 0, 20}, dx.toFloats());
      assertArrayEquals(new float[] {0, 0, 0, 0, 0, 2.4f, 0, 2.4f}, back.output().toFloats());
    }
  }

  @Test
  void aKeyIsNeededForwardOnly() {
    Operator operator = Operators.parse("stochastic window=2");
    Shape shape = Shape.of(1, 1, 2, 2);
    try (Tensor x = pooling().tensor(shape, 1, 2, 3, 4);
        Tensor y = pooling().tensor(Shape.of(1, 1, 1, 1), 7);
        Pass pass = draw("stochastic window=2", x, KEY);
        Tensor dx = pooling().tensor(shape, new float[4])) {
      assertEquals(
          "key is missing, but stochastic window=2 draws random numbers (Inputs.key)",
          assertThrows(IllegalArgumentException.class, () -> pooling().run(operator, x))
              .getMessage());
      Map<Role, Tensor> tensors =
          Map.of(Role.GRAD_OUTPUT, y, Role.INDICES, pass.indices(), Role.GRAD_INPUT, dx);
      pooling().compute(operator, Direction.BACKWARD, tensors, false);
      float[] expected = new float[4];
      expected[pass.indices().toInts()[0]] = 7;
      assertArrayEquals(expected, dx.toFloats());
    }
  }

  private static int[] indices(Tensor x, RandomKey key, String operator) {
    try (Pass pass = draw(operator, x, key)) {
      return pass.indices().toInts();
    }
  }

  /** Weights 1 to 4 and a negative one: chi-square with three degrees of freedom. */
  @Test
  void cellsAreDrawnAsOftenAsTheirWeightSays() {
    int windows = TestDevices.isSimulator() ? 1000 : 50_000;
    float[] x = new float[5 * windows];
    for (int i = 0; i < windows; i++) {
      System.arraycopy(new float[] {3, 1, -7, 4, 2}, 0, x, 5 * i, 5);
    }
    for (long call = 0; call < 3; call++) {
      RandomKey key = new RandomKey(2024, call);
      try (Tensor tensor = pooling().tensor(Shape.of(1, 1, x.length), x);
          Pass pass = draw("stochastic window=5", tensor, key)) {
        double[] counts = new double[5];
        for (int index : pass.indices().toInts()) {
          counts[index % 5]++;
        }
        double chiSquare = 0;
        for (int cell = 0; cell < 5; cell++) {
          double expected = Math.max(x[cell], 0) / 10 * windows;
          chiSquare += expected == 0 ? 0 : Math.pow(counts[cell] - expected, 2) / expected;
        }
        assertEquals(0, counts[2]);
        String message = "chi-square " + chiSquare + ", " + Arrays.toString(counts) + " by " + key;
        assertTrue(chiSquare < 16.3, message); // one in a thousand is larger
      }
    }
  }

  /** Overlapping windows of three axes, channels last: chi-square of the cells of each window. */
  @Test
  void overManyCallsEveryCellIsDrawnAsOftenAsItsWeightSays() {
    int calls = TestDevices.isSimulator() ? 60 : 3000;
    Shape shape = Shape.of(2, 2, 2, 3, 3);
    double[] x = new double[(int) shape.elements()];
    Arrays.setAll(x, i -> i * 7 % 5 - 1); // -1 to 3
    String operator = "stochastic window=2 stride=1";
    Shape output = Operators.parse(operator).outputShape(shape);
    double[][] counts = new double[(int) output.elements()][shape.planeSize()];
    try (Tensor tensor = tensor(pooling(), shape, Layout.NHWC, DataType.FLOAT32, x)) {
      RandomKey key = RandomKey.of(1301_3557);
      for (int call = 0; call < calls; call++, key = key.next()) {
        try (Pass pass = draw(operator, tensor, key)) {
          double[] drawn = logical(pass.indices());
          for (int i = 0; i < drawn.length; i++) {
            counts[i][(int) drawn[i]]++;
          }
        }
      }
    }
    double chiSquare = 0;
    int freedom = 0;
    for (int i = 0; i < counts.length; i++) {
      int corner = i % 4 / 2 * 3 + i % 2; // of a window in the front plane of 3 x 3
      int[] cells = {0, 1, 3, 4, 9, 10, 12, 13};
      double total = 0;
      for (int cell : cells) {
        total += Math.max(x[i / 4 * 18 + corner + cell], 0);
      }
      for (int cell : cells) {
        double expected = Math.max(x[i / 4 * 18 + corner + cell], 0) / total * calls;
        double found = counts[i][corner + cell];
        assertTrue(expected > 0 || found == 0, "window " + i + " cell " + cell);
        chiSquare += expected == 0 ? 0 : (found - expected) * (found - expected) / expected;
        freedom += expected == 0 ? 0 : 1;
      }
      freedom--;
    }
    double bound = freedom + 4 * Math.sqrt(2.0 * freedom);
    assertTrue(chiSquare < bound, "chi-square " + chiSquare + " of " + freedom);
    assertTrue(chiSquare > freedom - 4 * Math.sqrt(2.0 * freedom), "too even: " + chiSquare);
  }

  /** The plainest form of the rule, with numbers that sum exactly, on many windows. */
  @Test
  void manyDrawsFollowTheRule() {
    Shape shape = Shape.of(2, 3, 8, 10);
    SplittableRandom random = new SplittableRandom(6);
    float[] x = new float[(int) shape.elements()];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextInt(-2, 6);
    }
    Philox philox = new Philox(77, 5, Philox.Stream.OUTPUTS);
    try (Tensor tensor = pooling().tensor(shape, x)) {
      int[] drawn = indices(tensor, new RandomKey(77, 5), "stochastic window=2");
      for (int output = 0; output < drawn.length; output++) {
        int plane = output / 20;
        int corner = output % 20 / 5 * 20 + output % 5 * 2;
        int[] cells = {corner, corner + 1, corner + 10, corner + 11};
        float total = 0;
        for (int cell : cells) {
          total += Math.max(x[plane * 80 + cell], 0);
        }
        float sum = 0;
        int expected = -1;
        for (int cell : cells) {
          sum += Math.max(x[plane * 80 + cell], 0);
          expected = expected < 0 && sum > philox.uniform(output) * total ? cell : expected;
        }
        assertEquals(expected, drawn[output], "output " + output);
      }
    }
  }
}
