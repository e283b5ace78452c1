package io.github.clpool.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.clpool.Pooling;
import io.github.clpool.TestDevices;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Regions;
import io.github.clpool.opencl.plan.DeviceProfile.Rounding;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Norms of pairs by every way to take roots of floats, forced in turn, against Java's roots. */
class SquareRootTest {
  private static final long SEED = 22;

  @ParameterizedTest
  @EnumSource
  void takesRootsCorrectlyRounded(Rounding path) {
    try (Pooling pooling = TestDevice.pooling(path)) {
      float[] x = numbers(TestDevices.isSimulator() ? 1 << 10 : 1 << 16);
      Pool norm = Pool.lp(2).over(Regions.window(2));
      try (Tensor input = pooling.tensor(Shape.of(1, 1, x.length), x);
          Tensor output = pooling.run(norm, input)) {
        float[] roots = output.toFloats();
        for (int i = 0; i < roots.length; i++) {
          float a = x[2 * i];
          float b = x[2 * i + 1];
          float square = a * a + b * b;
          if (pooling.keepsSubnormals() || square == 0 || square >= Float.MIN_NORMAL) {
            assertEquals(
                Float.floatToIntBits((float) Math.sqrt(square)),
                Float.floatToIntBits(roots[i]),
                () -> "norm of %a, %a, seed %d".formatted(a, b, SEED));
          }
        }
      }
    }
  }

  /** Pairs whose squares are of all exponents, subnormal ones too, or special. */
  private static float[] numbers(int count) {
    SplittableRandom random = new SplittableRandom(SEED);
    float[] special = {0, -0f, 1, Float.NaN, Float.NEGATIVE_INFINITY, Float.MAX_VALUE};
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      float any = Math.scalb(random.nextFloat() * 2 - 1, random.nextInt(-75, 65));
      float withIt = Math.abs(numbers[Math.max(i - 1, 0)]) * random.nextFloat();
      boolean isSpecial = i < 2 * special.length * special.length;
      float instead = special[i / 2 / (i % 2 == 0 ? special.length : 1) % special.length];
      numbers[i] = isSpecial ? instead : i % 2 == 0 ? any : withIt;
    }
    return numbers;
  }
}
