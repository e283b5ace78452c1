package io.github.clpool.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.WithoutDevice;
import java.math.BigDecimal;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Half types against exact decimal arithmetic. */
@WithoutDevice
class HalfTest {
  /** One of the two formats, described by its numbers. */
  private record Format(
      String name,
      int exponentBits,
      int fractionBits,
      Function<Short, Float> widen,
      Function<Float, Short> narrow) {
    int bias() {
      return (1 << exponentBits - 1) - 1;
    }

    /** The number of some bits, by the definition of binary formats; no NaN or infinity. */
    double value(int bits) {
      int exponent = bits >> fractionBits & (1 << exponentBits) - 1;
      double fraction = (bits & (1 << fractionBits) - 1) / (double) (1 << fractionBits);
      double magnitude =
          exponent == 0
              ? Math.scalb(fraction, 1 - bias())
              : Math.scalb(1 + fraction, exponent - bias());
      return bits >> 15 == 0 ? magnitude : -magnitude;
    }

    int infinity() {
      return (1 << exponentBits) - 1 << fractionBits;
    }

    /** Rounds by searching the neighbours and comparing exact distances. */
    int nearest(float value) {
      int sign = Float.floatToRawIntBits(value) < 0 ? 0x8000 : 0;
      BigDecimal exact = new BigDecimal(Math.abs(value));
      int below = 0;
      int above = infinity();
      while (above - below > 1) {
        int middle = (below + above) / 2;
        if (new BigDecimal(value(middle)).compareTo(exact) <= 0) {
          below = middle;
        } else {
          above = middle;
        }
      }
      // What would follow the greatest number if the exponents went on stands for infinity.
      double next = above == infinity() ? Math.scalb(1.0, bias() + 1) : value(above);
      BigDecimal down = exact.subtract(new BigDecimal(value(below)));
      BigDecimal up = new BigDecimal(next).subtract(exact);
      int order = down.compareTo(up);
      boolean takeBelow = order < 0 || order == 0 && below % 2 == 0;
      return sign | (takeBelow ? below : above);
    }
  }

  private static final Format HALF = new Format("half", 5, 10, Half::toFloat, Half::fromFloat);
  private static final Format BFLOAT =
      new Format("bfloat16", 8, 7, BFloat16::toFloat, BFloat16::fromFloat);

  @Test
  void everyHalfHasItsValueAndComesBack() {
    checkAll(HALF);
  }

  @Test
  void everyBfloatHasItsValueAndComesBack() {
    checkAll(BFLOAT);
  }

  private static void checkAll(Format format) {
    for (int bits = 0; bits < 1 << 16; bits++) {
      String what = format.name + " " + Integer.toHexString(bits);
      float wide = format.widen.apply((short) bits);
      int magnitude = bits & 0x7fff;
      if (magnitude > format.infinity()) {
        assertTrue(Float.isNaN(wide), what);
        assertTrue((format.narrow.apply(wide) & 0x7fff) > format.infinity(), what);
      } else {
        double expected =
            magnitude == format.infinity()
                ? (bits < 0x8000 ? 1 : -1) * Double.POSITIVE_INFINITY
                : format.value(bits);
        assertEquals((float) expected, wide, what);
        assertEquals((short) bits, format.narrow.apply(wide), what);
      }
    }
  }

  @Test
  void halvesRoundToNearestEven() {
    checkRounding(HALF);
  }

  @Test
  void bfloatsRoundToNearestEven() {
    checkRounding(BFLOAT);
  }

  private static void checkRounding(Format format) {
    // Between all neighbours: the midpoint, and the floats beside it.
    for (int bits = 0; bits < format.infinity(); bits++) {
      double low = format.value(bits);
      double high =
          bits + 1 == format.infinity()
              ? Math.scalb(1.0, format.bias() + 1)
              : format.value(bits + 1);
      float middle = (float) (low / 2 + high / 2);
      for (float value : new float[] {Math.nextDown(middle), middle, Math.nextUp(middle)}) {
        check(format, value);
        check(format, -value);
      }
    }
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 20_000; i++) {
      float value = Float.intBitsToFloat(random.nextInt());
      if (Float.isFinite(value)) {
        check(format, value);
      }
    }
    check(format, Float.MIN_VALUE);
    check(format, Float.MAX_VALUE);
    check(format, -Float.MAX_VALUE);
  }

  private static void check(Format format, float value) {
    if (Float.isFinite(value)) {
      int expected = format.nearest(value);
      int found = format.narrow.apply(value) & 0xffff;
      assertEquals(
          expected, found, () -> format.name + " of " + value + " " + Float.toHexString(value));
    }
  }
}
