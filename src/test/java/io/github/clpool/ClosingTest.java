package io.github.clpool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.op.Operators;
import io.github.clpool.op.Pool;
import io.github.clpool.tensor.Handles;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is closed by one thread while another uses it: the use is done, or refused as closed. */
class ClosingTest {
  private static final Shape SHAPE = Shape.of(2, 3, 40, 50);
  private static final Pool MAX = (Pool) Operators.parse("max window=3 stride=1");
  private static final int ROUNDS = 150;

  /** Oclgrind aborts when two threads enqueue. */
  static List<String> devices() {
    return TestDevices.isSimulator() ? List.of("reference", "jvm") : TestDevices.all();
  }

  /** Uses something, and says whether it could. */
  private interface Use {
    float[] use(Pooling pooling, Tensor x, Pass pass);
  }

  private static final List<Use> USES =
      List.of(
          (pooling, x, pass) -> x.toFloats(),
          (pooling, x, pass) -> {
            try (Tensor y = pooling.run(MAX, x)) {
              return y.toFloats();
            }
          },
          (pooling, x, pass) -> pass.output().toFloats(),
          (pooling, x, pass) -> {
            try (Tensor g = pooling.tensor(MAX.outputShape(SHAPE), ones());
                Tensor dx = pass.backward(g)) {
              return dx.toFloats();
            }
          });

  private static float[] ones() {
    float[] ones = new float[(int) MAX.outputShape(SHAPE).elements()];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static float[] values() {
    float[] values = new float[(int) SHAPE.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = i * 37 % 1001;
    }
    return values;
  }

  @ParameterizedTest
  @MethodSource("devices")
  void isDoneOrRefused(String device) throws Exception {
    float[] values = values();
    long live = Handles.live();
    ExecutorService closer = Executors.newSingleThreadExecutor();
    try (Pooling pooling = TestDevices.open(device)) {
      for (Use use : USES) {
        float[] expected;
        try (Tensor x = pooling.tensor(SHAPE, values);
            Pass pass = pooling.forward(MAX, x)) {
          expected = use.use(pooling, x, pass);
        }
        for (int round = 0; round < ROUNDS; round++) {
          oneRound(pooling, values, use, expected, closer, round);
        }
      }
    } finally {
      closer.shutdown();
    }
    assertEquals(live, Handles.live());
  }

  /** Closes everything twice, in any order, from several threads, the pooling too. */
  @ParameterizedTest
  @MethodSource("devices")
  void everythingIsClosedTwiceInAnyOrder(String device) throws Exception {
    long seed = Nightly.seed();
    Random random = new Random(seed);
    float[] values = values();
    long live = Handles.live();
    ExecutorService closers = Executors.newFixedThreadPool(2);
    try {
      for (int round = 0; round < Nightly.cases(12, 300); round++) {
        Use use = USES.get(round % USES.size());
        Pooling pooling = TestDevices.open(device);
        Tensor x = pooling.tensor(SHAPE, values);
        Pass pass = pooling.forward(MAX, x);
        float[] expected = use.use(pooling, x, pass);
        CyclicBarrier together = new CyclicBarrier(3);
        List<Future<?>> closed = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
          List<AutoCloseable> order = new ArrayList<>(List.of(pooling, x, pass, pass.output()));
          Collections.shuffle(order, random);
          int spins = random.nextInt(6000);
          closed.add(closers.submit(() -> close(order, spins, together)));
        }
        together.await();
        useOrRefuse(use, expected, pooling, x, pass);
        useOrRefuse(use, expected, pooling, x, pass);
        for (Future<?> each : closed) {
          each.get();
        }
        assertEquals(live, Handles.live(), "seed " + seed + ", round " + round);
      }
    } finally {
      closers.shutdown();
    }
  }

  private static Void close(List<AutoCloseable> order, int spins, CyclicBarrier together)
      throws Exception {
    together.await();
    for (AutoCloseable each : order) {
      for (int i = 0; i < spins; i++) {
        Thread.onSpinWait();
      }
      each.close();
    }
    return null;
  }

  private static void useOrRefuse(Use use, float[] expected, Pooling pooling, Tensor x, Pass pass) {
    try {
      assertArrayEquals(expected, use.use(pooling, x, pass));
    } catch (IllegalStateException refused) {
      assertTrue(refused.getMessage().contains("closed"), refused::getMessage);
    }
  }

  private static void oneRound(
      Pooling pooling, float[] values, Use use, float[] expected, ExecutorService closer, int round)
      throws Exception {
    Tensor x = pooling.tensor(SHAPE, values);
    Pass pass = pooling.forward(MAX, x);
    CyclicBarrier together = new CyclicBarrier(2);
    Future<?> closed =
        closer.submit(
            () -> {
              together.await();
              for (int i = 0; i < round % 30 * 200; i++) {
                Thread.onSpinWait();
              }
              x.close();
              pass.close();
              return null;
            });
    together.await();
    useOrRefuse(use, expected, pooling, x, pass);
    closed.get();
  }
}
