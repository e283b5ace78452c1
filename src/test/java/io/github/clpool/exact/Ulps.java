package io.github.clpool.exact;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * How far a number is from a more precise one, in units in its last place: of the right number's
 * binade, subnormals' as wide as those of the smallest normal number.
 */
final class Ulps {
  private Ulps() {}

  /** Infinite if only one is NaN or a special value is wrong. */
  static double between(float actual, double right) {
    if (Double.isNaN(right) || Double.isInfinite(right) || right == 0) {
      return Double.compare(actual, right) == 0 ? 0 : Double.POSITIVE_INFINITY;
    }
    // An infinity is off as much as the number is that comes after the last float.
    double number = Float.isInfinite(actual) ? Math.copySign(0x1p128, actual) : actual;
    if (number == 0x1p128 && right >= 0x1p128 || number == -0x1p128 && right <= -0x1p128) {
      return 0;
    }
    int exponent = Math.min(Math.max(Math.getExponent(right), Float.MIN_EXPONENT), 127);
    // 2^(23 - exponent) at once: this is what every float there is must go through.
    double ulps = Double.longBitsToDouble((1023L + 23 - exponent) << 52);
    double distance = Math.abs(number - right) * ulps;
    return Double.isNaN(distance) ? Double.POSITIVE_INFINITY : distance;
  }

  /** For right numbers within the range of normal or subnormal doubles. */
  static double between(double actual, BigDecimal right) {
    if (!Double.isFinite(actual)) {
      return Double.POSITIVE_INFINITY;
    }
    int exponent = Math.max(Math.getExponent(right.doubleValue()), Double.MIN_EXPONENT);
    if (right.abs().compareTo(new BigDecimal(Math.scalb(1.0, exponent))) < 0) {
      exponent = Math.max(exponent - 1, Double.MIN_EXPONENT); // it was rounded up to a power of 2
    }
    BigDecimal distance = new BigDecimal(actual).subtract(right).abs();
    return distance
        .multiply(new BigDecimal(2).pow(52 - exponent, MathContext.DECIMAL64))
        .doubleValue();
  }
}
