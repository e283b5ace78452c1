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

/** Averages by every way to divide floats, forced in turn, against Java's division. */
class DivisionTest {
  private static final long SEED = 20;
  private static final int[] DIVISORS = {
    1, -1, 2, 3, 7, -9, 49, 121, 127, 169, 1000, 4097, 16777215, 16777217, 2147483647, -2147483648
  };

  @ParameterizedTest
  @EnumSource
  void dividesCorrectlyRounded(Rounding path) {
    try (Pooling pooling = TestDevice.pooling(path)) {
      float[] dividends = dividends(pooling.keepsSubnormals());
      try (Tensor x = pooling.tensor(Shape.of(1, 1, dividends.length), dividends)) {
        for (int divisor : DIVISORS) {
          check(pooling, x, dividends, divisor);
        }
      }
    }
  }

  private static void check(Pooling pooling, Tensor x, float[] dividends, int divisor) {
    Pool quotient = Pool.avg().divisorOverride(divisor).over(Regions.window(1));
    try (Tensor y = pooling.run(quotient, x)) {
      float[] quotients = y.toFloats();
      for (int i = 0; i < quotients.length; i++) {
        float expected = dividends[i] / divisor;
        boolean flushed = !pooling.keepsSubnormals() && Math.abs(expected) < Float.MIN_NORMAL;
        if (!flushed) {
          float dividend = dividends[i];
          assertEquals(
              Float.floatToIntBits(expected),
              Float.floatToIntBits(quotients[i]),
              () -> Float.toHexString(dividend) + " / " + divisor + ", seed " + SEED);
        }
      }
    }
  }

  /** Numbers of all exponents and special values. */
  private static float[] dividends(boolean subnormals) {
    SplittableRandom random = new SplittableRandom(SEED);
    float[] special = {0f, -0f, 1f, Float.NaN, Float.POSITIVE_INFINITY, Float.MAX_VALUE};
    float[] dividends = new float[TestDevices.isSimulator() ? 512 : 4096];
    for (int i = 0; i < dividends.length; i++) {
      float any = i < special.length ? special[i] : Float.intBitsToFloat(random.nextInt());
      boolean isSubnormal = any != 0 && Math.abs(any) < Float.MIN_NORMAL;
      dividends[i] = isSubnormal && !subnormals ? 1f : any;
    }
    return dividends;
  }
}
