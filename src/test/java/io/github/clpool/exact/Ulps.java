package io.github.clpool.exact;

/** How far a number is from a more precise one, in units in its last place. */
final class Ulps {
  private Ulps() {}

  /**
   * In units of the right number's binade, subnormals' as wide as those of the smallest normal
   * number; infinite if only one is NaN or a special value is wrong.
   */
  static double between(float actual, double right) {
    if (Double.isNaN(right) || Double.isInfinite(right) || right == 0) {
      return Double.compare(actual, right) == 0 ? 0 : Double.POSITIVE_INFINITY;
    }
    // An infinity is off as much as the number is that comes after the last float.
    double number = Float.isInfinite(actual) ? Math.copySign(0x1p128, actual) : actual;
    int exponent = Math.min(Math.max(Math.getExponent(right), Float.MIN_EXPONENT), 127);
    double distance = Math.abs(number - right) / Math.scalb(1.0, exponent - 23);
    return number == 0x1p128 && right >= 0x1p128 ? 0 : orInfinite(distance);
  }

  private static double orInfinite(double distance) {
    return Double.isNaN(distance) ? Double.POSITIVE_INFINITY : distance;
  }
}
