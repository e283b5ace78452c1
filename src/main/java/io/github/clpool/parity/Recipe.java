package io.github.clpool.parity;

import io.github.clpool.tensor.DataType;
import java.util.Set;

/** How the elements of a test tensor are drawn. Immutable. */
public enum Recipe {
  /** Uniform in [-1, 1), of 8-bit integers among all there are. */
  UNIFORM,
  /** Integers from -3 to 3, zeros of both signs: many ties. */
  INTEGERS,
  /** Any exponent of the type, subnormals included. */
  WIDE,
  /** Uniform numbers among NaN, infinities, zeros of both signs, subnormals and extremes. */
  SPECIAL,
  /** One number everywhere. */
  EQUAL,
  /** Negative infinity nearly everywhere, so that whole windows hold nothing else. */
  NEGATIVE_INFINITY,
  /** Positive infinity nearly everywhere. */
  POSITIVE_INFINITY,
  /** NaN nearly everywhere. */
  NANS;

  /** Without float subnormals, no exponent goes below this, so that no intermediate does either. */
  private static final int LEAST_SAFE_EXPONENT = -80;

  /**
   * Draws one element.
   *
   * @param type the type it will be rounded to
   * @param seed the seed of the tensor
   * @param position the position of the element; the same seed and position give the same number
   * @param subnormals whether float subnormals may be drawn
   * @return the element
   */
  double draw(DataType type, long seed, long position, boolean subnormals) {
    long first = mix(seed ^ mix(position));
    long second = mix(first);
    double uniform = uniform(type, first);
    return switch (this) {
      case UNIFORM -> uniform;
      case INTEGERS -> {
        long integer = Math.floorMod(second, 7) - 3;
        yield integer == 0 && first < 0 ? -0.0 : integer;
      }
      case WIDE -> wide(type, first, second, subnormals);
      case SPECIAL ->
          Math.floorMod(second, 4) == 0 ? special(type, second >>> 8, subnormals) : uniform;
      case EQUAL -> uniform(type, mix(seed));
      case NEGATIVE_INFINITY -> mostly(Double.NEGATIVE_INFINITY, second, uniform);
      case POSITIVE_INFINITY -> mostly(Double.POSITIVE_INFINITY, second, uniform);
      case NANS -> mostly(Double.NaN, second, uniform);
    };
  }

  /** Of 8-bit integers all are as likely. */
  private static double uniform(DataType type, long random) {
    double uniform = (random >> 11) * 0x1p-52;
    return type.isByte() ? Math.floor(128 * uniform) + (type == DataType.UINT8 ? 128 : 0) : uniform;
  }

  /** Whether the recipe is one of its own where only some special numbers are wanted. */
  boolean isOf(Set<Special> wanted) {
    return switch (this) {
      case NANS -> wanted.contains(Special.NAN);
      case NEGATIVE_INFINITY, POSITIVE_INFINITY -> wanted.contains(Special.INFINITIES);
      default -> true;
    };
  }

  private static double mostly(double value, long random, double other) {
    return Math.floorMod(random, 10) == 0 ? other : value;
  }

  private static double wide(DataType type, long first, long second, boolean subnormals) {
    int least = flushable(type) && !subnormals ? LEAST_SAFE_EXPONENT : leastExponent(type);
    int exponent = least + (int) Math.floorMod(second, (long) (greatestExponent(type) - least + 1));
    double fraction = 1 + (first >>> 12) * 0x1p-52;
    return Math.scalb(first < 0 ? -fraction : fraction, exponent);
  }

  private static double special(DataType type, long random, boolean subnormals) {
    double least = Math.scalb(1.0, leastExponent(type));
    double greatest = Math.scalb(1.0, greatestExponent(type));
    double sign = (random & 1) == 0 ? 1 : -1;
    boolean tiny = subnormals || !flushable(type);
    return switch ((int) Math.floorMod(random >>> 1, 7L)) {
      case 0 -> Double.NaN;
      case 1 -> sign * Double.POSITIVE_INFINITY;
      case 2, 3 -> sign * 0.0;
      case 4 -> tiny ? sign * least : sign;
      case 5 -> tiny ? sign * 37 * least : sign * 0.25;
      default -> sign * greatest;
    };
  }

  /** Whether numbers of the type can be subnormal floats, which some devices flush to zero. */
  static boolean flushable(DataType type) {
    return type == DataType.FLOAT32 || type == DataType.BFLOAT16;
  }

  private static int leastExponent(DataType type) {
    return switch (type) {
      case FLOAT64 -> -1074;
      case FLOAT32 -> -149;
      case FLOAT16 -> -24;
      case BFLOAT16 -> -133;
      case UINT8, INT8, INT32 -> 0;
    };
  }

  private static int greatestExponent(DataType type) {
    return switch (type) {
      case FLOAT64 -> 1023;
      case FLOAT32, BFLOAT16 -> 127;
      case FLOAT16 -> 15;
      case UINT8, INT8 -> 7;
      case INT32 -> 30;
    };
  }

  /** SplitMix64's finalizer: a bijection whose output bits look independent. */
  static long mix(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }
}
