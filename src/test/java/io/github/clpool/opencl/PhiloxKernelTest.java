package io.github.clpool.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.clpool.Pooling;
import io.github.clpool.TestDevices;
import io.github.clpool.backend.Verdict;
import io.github.clpool.exact.Philox;
import io.github.clpool.op.Inputs;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.RandomKey;
import io.github.clpool.op.Regions;
import io.github.clpool.op.Role;
import io.github.clpool.opencl.device.OpenClDevice;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.KernelArgument;
import io.github.clpool.opencl.plan.Launch;
import io.github.clpool.opencl.plan.LaunchPlan;
import io.github.clpool.opencl.plan.OpenClImplementation;
import io.github.clpool.opencl.runtime.OpenClBackend;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The words that a kernel draws against those that Java draws. */
class PhiloxKernelTest {
  private static final int ELEMENTS = TestDevices.isSimulator() ? 131 : 1003;
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
                  new KernelArgument.Key(1),
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
        float uniform = philox.uniform(first + i);
        assertEquals(philox.word(first + i), word(drawn, i), "element " + first + " + " + i);
        assertEquals(uniform, drawn[4 * i + 2]);
        assertEquals(uniform, drawn[4 * i + 3], "in vectors");
      }
    }
  }

  /** Random123's tests/kat_vectors; a counter's second word has the stream in its highest bits. */
  @ParameterizedTest
  @CsvSource({
    "00000000 00000000 00000000 00000000, 00000000 00000000, 6627e8d5 e169c58d bc57ac4c 9b00dbd8",
    "ffffffff ffffffff ffffffff ffffffff, ffffffff ffffffff, 408f276d 41c83b0e a20bc7c6 6d5451fd",
    "243f6a88 85a308d3 13198a2e 03707344, a4093822 299f31d0, d16cfe09 94fdcceb 5001e420 24126ea1"
  })
  void knownAnswers(String counter, String key, String expected) {
    long[] c = words(counter);
    long[] k = words(key);
    Philox.Stream stream = Philox.Stream.values()[(int) (c[1] >>> 30)];
    long block = (c[1] & 0x3fffffff) << 32 | c[0];
    float[] drawn =
        draw(new Draw(stream, 4 * block), new RandomKey(k[1] << 32 | k[0], c[3] << 32 | c[2]));
    for (int i = 0; i < 4; i++) {
      int word = (int) words(expected)[i];
      assertEquals(word, word(drawn, i), "word " + i);
      assertEquals(Philox.toUniform(word), drawn[4 * i + 3]);
    }
  }

  private static long[] words(String text) {
    return Arrays.stream(text.split(" ")).mapToLong(HexFormat::fromHexDigitsToLong).toArray();
  }

  private static int word(float[] drawn, int i) {
    return (int) drawn[4 * i] << 16 | (int) drawn[4 * i + 1];
  }

  private static float[] draw(Draw implementation, RandomKey key) {
    OpenClBackend backend =
        OpenClDevice.backend(TestDevice.context(), (o, kind) -> List.of(implementation));
    Shape shape = Shape.of(1, 1, 4 * ELEMENTS);
    try (Pooling pooling = Pooling.over(backend);
        Tensor x = pooling.tensor(shape, new float[4 * ELEMENTS]);
        Tensor y = pooling.run(SAME, Inputs.of(x).key(key))) {
      return y.toFloats();
    }
  }
}
