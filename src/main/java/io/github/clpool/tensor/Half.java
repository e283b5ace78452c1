package io.github.clpool.tensor;

/** Conversions of IEEE 754 binary16, bit for bit as hardware does them. Stateless. */
public final class Half {
  private static final int EXPONENT_SHIFT = 13;
  private static final float SUBNORMAL_UNIT = 0x1p-24f;

  private Half() {}

  /**
   * Widens exactly.
   *
   * @param half the bits of a binary16
   * @return the same number; a NaN stays one
   */
  public static float toFloat(short half) {
    int magnitude = half & 0x7fff;
    int sign = (half & 0x8000) << 16;
    if (magnitude >= 0x7c00) {
      return Float.intBitsToFloat(sign | 0x7f800000 | (magnitude & 0x3ff) << EXPONENT_SHIFT);
    }
    if (magnitude >= 0x400) {
      return Float.intBitsToFloat(sign | (magnitude << EXPONENT_SHIFT) + (112 << 23));
    }
    return Float.intBitsToFloat(sign | Float.floatToRawIntBits(magnitude * SUBNORMAL_UNIT));
  }

  /**
   * Rounds to the nearest binary16, ties to even; overflow gives infinity, NaN a quiet NaN.
   *
   * @param value the number
   * @return the bits of the binary16
   */
  public static short fromFloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = bits >>> 16 & 0x8000;
    int magnitude = bits & 0x7fffffff;
    if (magnitude > 0x7f800000) {
      return (short) (sign | 0x7e00);
    }
    if (magnitude >= 0x47800000) { // 2^16 and above
      return (short) (sign | 0x7c00);
    }
    if (magnitude < 0x38800000) { // below 2^-14: adding 0.5 rounds to a multiple of 2^-24
      float shifted = Float.intBitsToFloat(magnitude) + 0.5f;
      return (short) (sign | Float.floatToRawIntBits(shifted) - Float.floatToRawIntBits(0.5f));
    }
    int rounded = magnitude + 0xfff + (magnitude >>> EXPONENT_SHIFT & 1);
    return (short) (sign | (rounded - (112 << 23)) >>> EXPONENT_SHIFT);
  }
}
