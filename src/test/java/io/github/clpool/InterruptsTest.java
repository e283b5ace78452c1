package io.github.clpool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.op.Operators;
import io.github.clpool.op.Pool;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A thread that is interrupted computes and reads as if it were not, and stays interrupted. */
class InterruptsTest {
  private static final Shape SHAPE =
      TestDevices.isSimulator() ? Shape.of(1, 1, 8, 9) : Shape.of(2, 3, 40, 50);
  private static final Pool MAX = (Pool) Operators.parse("max window=3 stride=1");
  private static final Pool AVG = (Pool) Operators.parse("avg adaptive=7");

  @ParameterizedTest
  @MethodSource("io.github.clpool.TestDevices#all")
  void changesNothing(String device) throws InterruptedException {
    float[] values = new float[(int) SHAPE.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = i * 37 % 1001;
    }
    int calls = TestDevices.isSimulator() ? 3 : Nightly.cases(50, 5_000);
    try (Pooling pooling = TestDevices.open(device)) {
      float[][] expected = {results(pooling, MAX, values), results(pooling, AVG, values)};
      Thread computing = Thread.currentThread();
      Thread interrupting =
          new Thread(
              () -> {
                while (!Thread.interrupted()) {
                  computing.interrupt();
                  LockSupport.parkNanos(10_000);
                }
              });
      interrupting.start();
      try {
        for (int i = 0; i < calls; i++) {
          computing.interrupt();
          assertArrayEquals(expected[i % 2], results(pooling, i % 2 == 0 ? MAX : AVG, values));
          assertTrue(Thread.interrupted(), "the interrupt is lost");
        }
        computing.interrupt();
        try (Pooling other = TestDevices.open(device)) {
          assertArrayEquals(expected[0], results(other, MAX, values));
        }
      } finally {
        interrupting.interrupt();
        while (interrupting.isAlive()) {
          Thread.onSpinWait();
        }
        Thread.interrupted();
      }
    }
  }

  private static float[] results(Pooling pooling, Pool pool, float... values) {
    try (Tensor x = pooling.tensor(SHAPE, values);
        Pass pass = pooling.forward(pool, x);
        Tensor dx = pass.backward(pass.output())) {
      pooling.finish();
      return dx.toFloats();
    }
  }
}
