package io.github.clpool.parity;

import io.github.clpool.tensor.DataType;

/** Numbers that functions often treat wrongly. Immutable. */
public enum Special {
  /** NaN. */
  NAN,
  /** Both infinities. */
  INFINITIES,
  /** The negative zero besides the positive one. */
  SIGNED_ZEROS,
  /** Numbers between zero and the least normal one of their type. */
  SUBNORMALS;

  /** Whether a number of a type is one of these. */
  boolean has(double number, DataType type) {
    return switch (this) {
      case NAN -> Double.isNaN(number);
      case INFINITIES -> Double.isInfinite(number);
      case SIGNED_ZEROS -> number == 0 && 1 / number < 0;
      case SUBNORMALS -> number != 0 && Math.abs(number) < leastNormal(type);
    };
  }

  private static double leastNormal(DataType type) {
    return switch (type) {
      case FLOAT64 -> Double.MIN_NORMAL;
      case FLOAT32, BFLOAT16 -> Float.MIN_NORMAL;
      case FLOAT16 -> 0x1p-14;
      case INT32, UINT8, INT8 -> 0;
    };
  }

  /** What stands for such a number where it is not wanted. */
  double plain() {
    return this == SIGNED_ZEROS ? 0 : this == SUBNORMALS ? 0.25 : 1;
  }
}
