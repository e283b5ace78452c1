package io.github.clpool.tensor;

/** Conversions of bfloat16, the upper half of a binary32. Stateless. */
public final class BFloat16 {
  private BFloat16() {}

  /**
   * Widens exactly.
   *
   * @param value the bits of a bfloat16
   * @return the same number
   */
  public static float toFloat(short value) {
    return Float.intBitsToFloat(value << 16);
  }

  /**
   * Rounds to the nearest bfloat16, ties to even; overflow gives infinity, NaN a quiet NaN.
   *
   * @param value the number
   * @return the bits of the bfloat16
   */
  public static short fromFloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) (bits >>> 16 | 0x40);
    }
    return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
  }
}
