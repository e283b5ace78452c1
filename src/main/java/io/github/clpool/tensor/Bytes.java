package io.github.clpool.tensor;

/**
 * Conversions of 8-bit integers (docs/semantics.md, section 2, rule 9). Stateless. Twin of {@code
 * opencl/lib/types.clh}.
 */
public final class Bytes {
  /**
   * Up to so many cells float arithmetic averages exactly: their sum s is below 2^23, so that a
   * quotient s/d is at least 1/(2d) away from every half that it does not hit, and that is more
   * than half a unit in its last place, (s/d)*2^-24 at most. Divisors that a float does not hold
   * are above 2^24, and then the quotient is below a half.
   */
  public static final long MOST_EXACT_IN_FLOAT = ((1 << 23) - 1) / 255;

  private Bytes() {}

  /**
   * Widens exactly.
   *
   * @param bits an element
   * @param type {@link DataType#UINT8} or {@link DataType#INT8}
   * @return the integer
   */
  public static int toInt(byte bits, DataType type) {
    return Require.present("type", type) == DataType.UINT8 ? bits & 0xff : bits;
  }

  /**
   * Rounds to the nearest integer, ties to even, and from outside the type's range to its nearest
   * end.
   *
   * @param value a number
   * @param type {@link DataType#UINT8} or {@link DataType#INT8}
   * @return the element
   */
  public static byte fromDouble(double value, DataType type) {
    int least = Require.present("type", type) == DataType.UINT8 ? 0 : Byte.MIN_VALUE;
    return (byte) Math.max(least, Math.min(least + 255, Math.rint(value)));
  }
}
