package io.github.clpool.exact;

/**
 * Powers of any number by those of positive ones, with the special values of C99, Annex F; the same
 * for floats, which doubles hold exactly. Stateless.
 */
final class Pow {
  private static final double EVEN_FROM = 0x1p53;

  private Pow() {}

  static double of(double x, double y, boolean ofFloats) {
    if (y == 0 || x == 1) {
      return 1;
    }
    if (x != x || y != y) {
      return Double.NaN;
    }
    boolean even = Math.abs(y) >= EVEN_FROM;
    long wholePart = even ? 0 : (long) y;
    boolean whole = even || wholePart == y;
    if (x < 0 && x > Double.NEGATIVE_INFINITY && !whole) {
      return Double.NaN;
    }
    double magnitude = Math.abs(x);
    double result;
    if (magnitude == 0 || magnitude == Double.POSITIVE_INFINITY) {
      result = (magnitude == 0) == (y < 0) ? Double.POSITIVE_INFINITY : 0;
    } else if (ofFloats) {
      result = FloatMath.powOfPositive((float) magnitude, (float) y);
    } else {
      result = DoubleMath.powOfPositive(magnitude, y);
    }
    boolean odd = whole && (wholePart & 1) != 0;
    return odd && Double.doubleToRawLongBits(x) < 0 ? -result : result;
  }
}
