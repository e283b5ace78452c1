package io.github.clpool.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.clpool.Pooling;
import io.github.clpool.backend.Verdict;
import io.github.clpool.exact.Philox;
import io.github.clpool.op.Inputs;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.RandomKey;
import io.github.clpool.op.Regions;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The words that a kernel draws against those that Java draws. */
class PhiloxKernelTest {
  private static final int ELEMENTS = 1003;
  private static final Pool SAME = Pool.max().over(Regions.window(1));

  /** Not a pooling: the output is random numbers. */
  private record Draw(Philox.Stream stream, long first) implements OpenClImplementation {
    @Override
    public String name() {
      return "draw";
    }

    @Override
    public Verdict accepts(Problem problem, DeviceProfile device) {
      return accept("it is a test");
    }

    @Override
    public LaunchPlan plan(Problem problem, DeviceProfile device) {
      return LaunchPlan.of(
          new Launch(
              "philox_uniform.cl",
              new TreeMap<>(),
              "philox_uniform_forward",
              List.of(
                  new KernelArgument.Buffer(Role.OUTPUT),
                  new KernelArgument.Key(),
                  new KernelArgument.Int(stream.ordinal()),
                  new KernelArgument.Long(first),
                  new KernelArgument.Int(ELEMENTS)),
              List.of((long) ELEMENTS),
              List.of(64L)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void drawsTheWordsOfJava(Philox.Stream stream) {
    for (long first : new long[] {0, 1, (1L << 34) - 500, (3L << 59) + 2}) {
      RandomKey key = new RandomKey(0x9e3779b97f4a7c15L * first + 42, first ^ 0x123456789abcdefL);
      Philox philox = new Philox(key.seed(), key.call(), stream);
      float[] drawn = draw(new Draw(stream, first), key);
      for (int i = 0; i < ELEMENTS; i++) {
        int word = (int) drawn[3 * i] << 16 | (int) drawn[3 * i + 1];
        assertEquals(philox.word(first + i), word, "element " + first + " + " + i);
        assertEquals(philox.uniform(first + i), drawn[3 * i + 2]);
      }
    }
  }

  private static float[] draw(Draw implementation, RandomKey key) {
    OpenClBackend backend =
        new OpenClBackend(
            OpenClContext.create(TestDevice.get()), (o, kind) -> List.of(implementation));
    Shape shape = Shape.of(1, 1, 3 * ELEMENTS);
    try (Pooling pooling = Pooling.over(backend);
        Tensor x = pooling.tensor(shape, new float[3 * ELEMENTS]);
        Tensor y = pooling.run(SAME, Inputs.of(x).key(key))) {
      return y.toFloats();
    }
  }
}
