package io.github.clpool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.backend.Preference;
import io.github.clpool.backend.Verdict;
import io.github.clpool.exact.Philox;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Inputs;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Operators;
import io.github.clpool.op.Problem;
import io.github.clpool.op.RandomKey;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
          "key is missing, but stochastic window=2 draws random numbers",
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

  private static float[] random(Shape shape) {
    SplittableRandom random = new SplittableRandom(3);
    float[] x = new float[(int) shape.elements()];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextDouble(-0.5, 1);
    }
    return x;
  }

  private static int[] indices(Pooling pooling, Tensor x, RandomKey key, String operator) {
    try (Pass pass = pooling.forward(Operators.parse(operator), Inputs.of(x).key(key))) {
      return pass.indices().toInts();
    }
  }

  private static int[] referenceIndices(Shape shape, float[] x, RandomKey key, String operator) {
    try (Pooling reference = Pooling.open(DevicePolicy.REFERENCE);
        Tensor tensor = reference.tensor(shape, x)) {
      return indices(reference, tensor, key, operator);
    }
  }

  /** By logical position, so that layouts can be compared. */
  private static int[] logical(int[] memory, Shape shape, Layout layout) {
    int[] logical = new int[memory.length];
    int i = 0;
    for (long n = 0; n < shape.n(); n++) {
      for (long c = 0; c < shape.c(); c++) {
        for (int cell = 0; cell < shape.planeSize(); cell++) {
          logical[i++] =
              memory[(int) (layout.planeOffset(shape, n, c) + cell * layout.cellStride(shape))];
        }
      }
    }
    return logical;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "stochastic window=2",
        "stochastic window=3 stride=2 padding=1",
        "stochastic adaptive=5",
        "stochastic fractional=2 outputRatio=0.6",
        "max fractional=2 outputRatio=0.6",
        "max sampled=2 grid=4",
        "s3_pool grid=4 window=2"
      })
  void aDrawDependsOnSeedCallAndOutputAlone(String operator) {
    Shape shape = Shape.of(3, 5, 8, 12);
    Shape first = Shape.of(1, 5, 8, 12);
    float[] x = random(shape);
    RandomKey key = new RandomKey(-5, 1L << 40);
    try (Tensor all = pooling().tensor(shape, x);
        Tensor part = pooling().tensor(first, Arrays.copyOf(x, (int) first.elements()))) {
      int[] drawn = indices(pooling(), all, key, operator);
      assertArrayEquals(referenceIndices(shape, x, key, operator), drawn);
      assertArrayEquals(drawn, indices(pooling(), all, key, operator));
      assertFalse(Arrays.equals(drawn, indices(pooling(), all, key.next(), operator)));
      assertFalse(
          Arrays.equals(drawn, indices(pooling(), all, new RandomKey(5, 1L << 40), operator)));
      int[] ofPart = indices(pooling(), part, key, operator);
      assertArrayEquals(Arrays.copyOf(drawn, ofPart.length), ofPart);
      for (int size : new int[] {1, 3, 64}) {
        Pooling wished = pooling().with(Preference.NONE.withWorkGroupSize(size));
        assertArrayEquals(drawn, indices(wished, all, key, operator));
      }
      for (Verdict verdict : pooling().explain(problem(operator, shape))) {
        if (verdict.accepted()) {
          Pooling wished = pooling().with(Preference.implementation(verdict.implementation()));
          assertArrayEquals(drawn, indices(wished, all, key, operator), verdict::toString);
        }
      }
      float[] last = new float[x.length];
      Shape output = Operators.parse(operator).outputShape(shape);
      for (int i = 0; i < x.length; i++) {
        int cell = i % 96;
        int plane = i / 96;
        long offset = Layout.NHWC.planeOffset(shape, plane / 5, plane % 5);
        last[(int) (offset + cell * Layout.NHWC.cellStride(shape))] = x[i];
      }
      try (Tensor nhwc =
          pooling().tensor(shape, Layout.NHWC, DataType.FLOAT32, FloatBuffer.wrap(last))) {
        int[] ours = indices(pooling(), nhwc, key, operator);
        assertArrayEquals(drawn, logical(ours, output, Layout.NHWC));
      }
    }
  }

  private static Problem problem(String operator, Shape shape) {
    Operator parsed = Operators.parse(operator);
    Shape output = parsed.outputShape(shape);
    return new Problem(
        parsed,
        Direction.FORWARD,
        shape,
        Layout.NCHW,
        DataType.FLOAT32,
        Map.of(Role.INPUT, shape, Role.OUTPUT, output, Role.INDICES, output),
        false);
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
      int[] drawn = indices(pooling(), tensor, new RandomKey(77, 5), "stochastic window=2");
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
