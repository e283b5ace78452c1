package io.github.clpool.opencl.device;

import java.util.EnumSet;
import java.util.Set;

/** What {@code self_test} computes of three floats a, b and c, in the order of its results. */
enum SelfTestOperation {
  DIVIDE("a / b", (a, b, c) -> a / b),
  SQUARE_ROOT("sqrt(a)", (a, b, c) -> (float) Math.sqrt(a)),
  FMA("fma(a, b, c)", Math::fma),
  ADD("a + b", (a, b, c) -> a + b),
  SUBTRACT("a - b", (a, b, c) -> a - b),
  MULTIPLY("a * b", (a, b, c) -> a * b),
  MULTIPLY_AND_ADD("a * b + c", (a, b, c) -> a * b + c),
  VECTORS_ADD("a * b + c of vectors", (a, b, c) -> a * b + c),
  VECTORS_SUBTRACT("a * b - c of vectors", (a, b, c) -> a * b - c),
  COMPARE("comparing a with b", (a, b) -> (a < b ? 1 : 0) + (a == b ? 2 : 0)),
  HIGH_HALF("mul_hi of the bits of a and b", SelfTestOperation::highHalf),
  LONG_PRODUCT("the long product of the bits of a and b", SelfTestOperation::highHalf),
  DIVIDE_DOUBLES("a / b by doubles", (a, b, c) -> a / b),
  SQUARE_ROOT_OF_DOUBLE("sqrt(a) by doubles", (a, b, c) -> (float) Math.sqrt(a));

  private static final int FAR_INSIDE = 90; // exponents up to this, of 126

  private final String text;
  private final ToNumber number;
  private final ToInteger integer;

  @FunctionalInterface
  private interface ToNumber {
    float of(float a, float b, float c);
  }

  @FunctionalInterface
  private interface ToInteger {
    int of(float a, float b);
  }

  SelfTestOperation(String text, ToNumber number) {
    this.text = text;
    this.number = number;
    this.integer = null;
  }

  SelfTestOperation(String text, ToInteger integer) {
    this.text = text;
    this.number = null;
    this.integer = integer;
  }

  private static int highHalf(float a, float b) {
    long product =
        Integer.toUnsignedLong(Float.floatToRawIntBits(a))
            * Integer.toUnsignedLong(Float.floatToRawIntBits(b));
    return (int) (product >>> 32);
  }

  /** Those that are asked of a device. */
  static Set<SelfTestOperation> of(boolean hasDouble) {
    return EnumSet.range(DIVIDE, hasDouble ? SQUARE_ROOT_OF_DOUBLE : LONG_PRODUCT);
  }

  /** What Java computes: a row for each operation. */
  static int[] expected(float[][] operands) {
    int count = operands[0].length;
    int[] expected = new int[values().length * count];
    for (SelfTestOperation operation : values()) {
      int row = operation.ordinal() * count;
      for (int i = 0; i < count; i++) {
        expected[row + i] = operation.bits(operands[0][i], operands[1][i], operands[2][i]);
      }
    }
    return expected;
  }

  /** Whether bits are as good as those expected: any NaN is as good as another. */
  boolean takes(int bits, int expected) {
    return expected == bits || number != null && isNan(expected) && isNan(bits);
  }

  private int bits(float a, float b, float c) {
    return number == null ? integer.of(a, b) : Float.floatToRawIntBits(number.of(a, b, c));
  }

  private static boolean isNan(int bits) {
    return Float.isNaN(Float.intBitsToFloat(bits));
  }

  /** Whether nothing comes near the ends of the range, where devices may differ. */
  boolean isFarInside(float a, float b, float c) {
    switch (this) {
      case HIGH_HALF, LONG_PRODUCT:
        return true;
      case ADD, SUBTRACT, MULTIPLY:
        return isFarInside(a) && isFarInside(b) && isFarInside(number.of(a, b, c));
      case COMPARE:
        return isFarInside(a) && isFarInside(b);
      default:
        return isFarInside(a)
            && isFarInside(b)
            && isFarInside(c)
            && isFarInside(a * b)
            && isFarInside(number.of(a, b, c));
    }
  }

  private static boolean isFarInside(float value) {
    return value == 0 || Math.abs(Math.getExponent(value)) <= FAR_INSIDE;
  }

  /** Whether a device that has it wrong far inside the range cannot be used. */
  boolean isNeeded() {
    return compareTo(ADD) >= 0 && compareTo(LONG_PRODUCT) <= 0;
  }

  /** What is wrong with a result, in words. */
  String describe(int bits, float a, float b, float c) {
    float signed = this == VECTORS_SUBTRACT ? -c : c;
    boolean fused = bits == Float.floatToRawIntBits(Math.fma(a, b, signed));
    return "%s gives bits %08x, not %08x, for a = %s, b = %s, c = %s"
            .formatted(text, bits, bits(a, b, c), a, b, c)
        + (fused ? ": it is rounded once, in spite of FP_CONTRACT OFF" : "");
  }
}
