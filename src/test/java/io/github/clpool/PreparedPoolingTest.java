package io.github.clpool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.op.Direction;
import io.github.clpool.op.Inputs;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Operators;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.RandomKey;
import io.github.clpool.op.Regions;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Prepared calls, and calls into tensors of the caller. */
class PreparedPoolingTest extends OnEveryDevice {
  private static final Shape SHAPE = Shape.of(1, 1, 2, 4);
  private static final Shape POOLED = Shape.of(1, 1, 1, 2);
  private static final Operator MAX = Pool.max().over(Regions.window(2));
  private static final Operator AVG = Pool.avg().over(Regions.window(2));
  private static final float[] X = {1, 7, 3, 4, 5, 6, 2, 8};

  private final String device;

  PreparedPoolingTest(String device) {
    super(device);
    this.device = device;
  }

  private static PreparedPooling prepare(Operator operator) {
    return pooling().prepare(operator, SHAPE, Layout.NCHW, DataType.FLOAT32);
  }

  @Test
  void runsAgainAndAgain() {
    PreparedPooling max = prepare(MAX);
    try (Tensor x = max.empty(Role.INPUT);
        Tensor y = max.empty(Role.OUTPUT)) {
      assertEquals(SHAPE, x.shape());
      assertEquals(POOLED, y.shape());
      assertEquals(max.producer(), y.producer().orElseThrow());
      assertTrue(x.producer().isEmpty());
      for (int i = 0; i < 3; i++) {
        float[] values = X.clone();
        values[i] += 10;
        x.write(FloatBuffer.wrap(values));
        max.run(x, y);
        assertArrayEquals(
            new float[] {i < 2 ? X[i] + 10 : 7, i == 2 ? 13 : 8}, y.toFloats(), "run " + i);
      }
    }
  }

  @Test
  void givesIndicesAndTheirGradients() {
    PreparedPooling max = prepare(MAX).withIndices();
    PreparedPooling gradient = max.backward();
    PreparedPooling added = gradient.accumulating();
    try (Tensor x = pooling().tensor(SHAPE, X);
        Tensor y = max.empty(Role.OUTPUT);
        Tensor indices = max.empty(Role.INDICES);
        Tensor g = pooling().tensor(POOLED, 10f, 20f);
        Tensor dx = gradient.empty(Role.GRAD_INPUT)) {
      max.run(x, y, indices);
      assertArrayEquals(new int[] {1, 7}, indices.toInts());
      gradient.run(g, dx, indices);
      assertArrayEquals(new float[] {0, 10, 0, 0, 0, 0, 0, 20}, dx.toFloats());
      added.run(g, dx, indices);
      assertArrayEquals(new float[] {0, 20, 0, 0, 0, 0, 0, 40}, dx.toFloats());
    }
  }

  @Test
  void takesAnyTensorAndAKey() {
    Operator mix = Operators.parse("mix alpha window=2");
    Operator stochastic = Operators.parse("stochastic window=2");
    PreparedPooling prepared = prepare(mix);
    PreparedPooling drawing = prepare(stochastic);
    RandomKey key = RandomKey.of(3);
    try (Tensor x = pooling().tensor(SHAPE, X);
        Tensor weights = pooling().tensor(prepared.problem().arguments().get(Role.WEIGHTS), 0.25f);
        Tensor y = prepared.empty(Role.OUTPUT);
        Tensor expected = pooling().run(mix, Inputs.of(x).weights(weights));
        Tensor drawn = pooling().run(stochastic, Inputs.of(x).key(key))) {
      prepared.call().with(Role.INPUT, x).with(Role.WEIGHTS, weights).with(Role.OUTPUT, y).run();
      assertArrayEquals(expected.toFloats(), y.toFloats());
      PreparedPooling.Call call = drawing.call().with(Role.INPUT, x).with(Role.OUTPUT, y);
      refused(
          "key is missing, but stochastic window=2 draws random numbers (Inputs.key)", call::run);
      call.key(key).run();
      assertArrayEquals(drawn.toFloats(), y.toFloats());
    }
  }

  @Test
  void anEmptyBatchIsPrepared() {
    Shape none = Shape.of(0, 1, 2, 4);
    PreparedPooling max = pooling().prepare(MAX, none, Layout.NCHW, DataType.FLOAT32);
    try (Tensor x = max.empty(Role.INPUT);
        Tensor y = max.empty(Role.OUTPUT)) {
      max.run(x, y);
      assertEquals(0, y.toFloats().length);
    }
  }

  @Test
  void callsWriteIntoTensorsOfTheCaller() {
    try (Tensor x = pooling().tensor(SHAPE, X);
        Tensor y = pooling().empty(POOLED, Layout.NCHW, DataType.FLOAT32);
        Tensor dx = pooling().empty(SHAPE, Layout.NCHW, DataType.FLOAT32);
        Tensor g = pooling().tensor(POOLED, 10f, 20f);
        Pass pass = pooling().forward(MAX, x);
        Gradients sums = pass.gradients(g)) {
      pooling().run(AVG, x, y);
      assertArrayEquals(new float[] {4.75f, 4.25f}, y.toFloats());
      pass.backwardInto(g, dx);
      assertArrayEquals(new float[] {0, 10, 0, 0, 0, 0, 0, 20}, dx.toFloats());
      pass.accumulateInto(g, dx);
      assertArrayEquals(new float[] {0, 20, 0, 0, 0, 0, 0, 40}, dx.toFloats());
      pass.accumulateInto(g, sums);
      assertArrayEquals(new float[] {0, 20, 0, 0, 0, 0, 0, 40}, sums.input().toFloats());
      pass.backwardInto(g, sums);
      assertArrayEquals(new float[] {0, 10, 0, 0, 0, 0, 0, 20}, sums.input().toFloats());
    }
  }

  private static void refused(String text, Executable call) {
    assertEquals(text, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  @Test
  void refusesWhatDoesNotFit() {
    PreparedPooling max = prepare(MAX);
    try (Tensor x = pooling().tensor(SHAPE, X);
        Tensor y = max.empty(Role.OUTPUT);
        Tensor half = pooling().empty(POOLED, Layout.NCHW, DataType.FLOAT16);
        Tensor last = pooling().empty(POOLED, Layout.NHWC, DataType.FLOAT32);
        Tensor indices = max.withIndices().empty(Role.INDICES)) {
      refused("input is null, but must be given", () -> max.run(null, y));
      refused("output is null, but must be given", () -> max.run(x, null));
      refused(
          "input has shape 1x1x1x2, but max window=2 of input 1x1x2x4 needs 1x1x2x4",
          () -> max.run(y, y));
      refused(
          "output has type FLOAT16, but must have FLOAT32 for an input of FLOAT32",
          () -> max.run(x, half));
      refused("output has layout NHWC, but the input has NCHW", () -> max.run(x, last));
      refused(
          "indices is given, but the call of max window=2 FORWARD FLOAT32 NCHW 1x1x2x4 has no such"
              + " tensor",
          () -> max.run(x, y, indices));
      refused("indices is missing, but max window=2 needs it", () -> max.withIndices().run(x, y));
      refused("call runs FORWARD, but must run BACKWARD", max::accumulating);
      refused("call runs BACKWARD, but must run FORWARD", () -> max.backward().withIndices());
      refused(
          "indices are asked for, but avg window=2 selects no cells",
          () -> prepare(AVG).withIndices());
      Tensor closed = max.empty(Role.OUTPUT);
      closed.close();
      assertThrows(IllegalStateException.class, () -> max.run(x, closed));
    }
    PreparedPooling same = prepare(Pool.max().over(Regions.window(1)));
    try (Tensor x = same.empty(Role.INPUT)) {
      refused("output shares elements with input, but must not", () -> same.run(x, x));
    }
  }

  /** The same words on every device, whether a call is prepared or not. */
  @Test
  void refusesRolesThatHaveNoUse() {
    Shape small = Shape.of(1, 1, 1, 2);
    try (Tensor x = pooling().tensor(SHAPE, X);
        Tensor y = pooling().empty(POOLED, Layout.NCHW, DataType.FLOAT32);
        Tensor dx = pooling().empty(SHAPE, Layout.NCHW, DataType.FLOAT32)) {
      refusedBothWays(
          "logits is given, but avg window=2 takes none forward",
          Direction.FORWARD,
          Map.of(Role.INPUT, x, Role.OUTPUT, y, Role.LOGITS, x),
          false);
      refusedBothWays(
          "input is given, but avg window=2 takes none backward",
          Direction.BACKWARD,
          Map.of(Role.INPUT, x, Role.GRAD_OUTPUT, y, Role.GRAD_INPUT, dx),
          false);
      refusedBothWays(
          "accumulate is true, but avg window=2 runs forward, and only gradients are accumulated",
          Direction.FORWARD,
          Map.of(Role.INPUT, x, Role.OUTPUT, y),
          true);
      refused(
          "grad input is missing, but a backward call of avg window=2 needs a gradient that is"
              + " wanted",
          () ->
              pooling()
                  .prepare(
                      new Problem(
                          AVG,
                          Direction.BACKWARD,
                          SHAPE,
                          Layout.NCHW,
                          DataType.FLOAT32,
                          Map.of(Role.GRAD_OUTPUT, small),
                          false)));
      try (Pass pass = pooling().forward(Operators.parse("soft window=2"), x)) {
        refused(
            "grad input is missing, but a backward call of soft window=2 needs a gradient that is"
                + " wanted",
            () -> pass.backward(y, Map.of(), false));
      }
      refused(
          "operator is null, but must be given",
          () -> pooling().compute(null, Direction.FORWARD, Map.of(), false));
      refused(
          "direction is null, but must be given",
          () -> pooling().compute(AVG, null, Map.of(), false));
      refused(
          "tensors is null, but must be given",
          () -> pooling().compute(AVG, Direction.FORWARD, null, false));
      refused("into is null, but must be given", () -> pooling().run(AVG, x, (Tensor) null));
      refused("problem is null, but must be given", () -> pooling().prepare(null));
    }
  }

  private static void refusedBothWays(
      String text, Direction direction, Map<Role, Tensor> tensors, boolean accumulate) {
    refused(text, () -> pooling().compute(AVG, direction, tensors, accumulate));
    Map<Role, Shape> shapes = new EnumMap<>(Role.class);
    tensors.forEach((role, tensor) -> shapes.put(role, tensor.shape()));
    Problem problem =
        new Problem(AVG, direction, SHAPE, Layout.NCHW, DataType.FLOAT32, shapes, accumulate);
    refused(text, () -> pooling().prepare(problem));
  }

  /** More plans than are kept, while threads run one that is dropped and made again. */
  @Test
  void droppedPlansAreMadeAgain() throws Exception {
    Assumptions.assumeFalse(TestDevices.isSimulator(), "Oclgrind aborts when two threads enqueue");
    PreparedPooling max = prepare(MAX);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<?>> runs = new ArrayList<>();
      for (int thread = 0; thread < 2; thread++) {
        runs.add(threads.submit(() -> runs(max)));
      }
      for (int width = 1; width <= 300; width++) {
        pooling().prepare(MAX, Shape.of(1, 1, 2, 2 * width), Layout.NCHW, DataType.FLOAT32);
      }
      for (Future<?> run : runs) {
        run.get();
      }
      runs(max);
    } finally {
      threads.shutdown();
    }
  }

  private static void runs(PreparedPooling max) {
    try (Tensor x = pooling().tensor(SHAPE, X);
        Tensor y = max.empty(Role.OUTPUT)) {
      for (int i = 0; i < 100; i++) {
        y.write(FloatBuffer.wrap(new float[2]));
        max.run(x, y);
        assertArrayEquals(new float[] {7, 8}, y.toFloats());
      }
    }
  }

  @Test
  void aClosedPoolingRunsNothing() {
    Pooling closing = TestDevices.open(device);
    PreparedPooling max = closing.prepare(MAX, SHAPE, Layout.NCHW, DataType.FLOAT32);
    Tensor x = closing.tensor(SHAPE, X);
    Tensor y = max.empty(Role.OUTPUT);
    closing.close();
    assertThrows(IllegalStateException.class, () -> max.run(x, y));
    x.close();
    y.close();
  }
}
