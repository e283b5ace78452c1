package io.github.clpool.exact;

/**
 * Functions with the same bits everywhere (docs/semantics.md, section 3), special values as in C99,
 * Annex F. Stateless. Twin of {@code opencl/lib/exact_math.clh}.
 */
public final class ExactMath {
  /** e to the power of this float, or of any below, is 0. */
  public static final float EXP_LOWEST = FloatMath.EXP_LOWEST;

  private ExactMath() {}

  /**
   * e to the power of a float, at most 1 ulp off.
   *
   * @param x the exponent
   * @return e^x
   */
  public static float exp(float x) {
    return FloatMath.exp(x);
  }

  /**
   * e to the power of a double, at most 1 ulp off.
   *
   * @param x the exponent
   * @return e^x
   */
  public static double exp(double x) {
    return DoubleMath.exp(x);
  }

  /**
   * e to the powers of many floats, faster than one by one.
   *
   * @param x the exponents, from {@link #EXP_LOWEST} to 0, or NaN
   * @param results takes what {@link #exp(float)} gives; another array than {@code x}
   * @param count how many, from index 0 on
   */
  public static void expsDownFromZero(float[] x, float[] results, int count) {
    FloatMath.expsDownFromZero(x, results, count);
  }

  /**
   * The natural logarithm of a float, at most 1 ulp off.
   *
   * @param x the number; NaN below zero
   * @return the logarithm
   */
  public static float log(float x) {
    return FloatMath.log(x);
  }

  /**
   * The natural logarithm of a double, at most 1 ulp off.
   *
   * @param x the number; NaN below zero
   * @return the logarithm
   */
  public static double log(double x) {
    return DoubleMath.log(x);
  }

  /**
   * The power of a float, at most 2 ulp off. Unlike {@link Math#pow}, 1 to any power and -1 to an
   * infinite one are 1.
   *
   * @param x the base
   * @param y the exponent
   * @return x^y
   */
  public static float pow(float x, float y) {
    return FloatMath.pow(x, y);
  }

  /**
   * The power of a double, at most 2 ulp off. Unlike {@link Math#pow}, 1 to any power and -1 to an
   * infinite one are 1.
   *
   * @param x the base
   * @param y the exponent
   * @return x^y
   */
  public static double pow(double x, double y) {
    return DoubleMath.pow(x, y);
  }

  /**
   * The logistic function of a float, at most 2 ulp off.
   *
   * @param x any number
   * @return 1 / (1 + e^-x)
   */
  public static float sigmoid(float x) {
    return FloatMath.sigmoid(x);
  }

  /**
   * The logistic function of a double, at most 2 ulp off.
   *
   * @param x any number
   * @return 1 / (1 + e^-x)
   */
  public static double sigmoid(double x) {
    return DoubleMath.sigmoid(x);
  }

  /**
   * The square root of a float, correctly rounded.
   *
   * @param x the number; NaN below zero
   * @return the root
   */
  public static float sqrt(float x) {
    return (float) Math.sqrt(x);
  }

  /**
   * The square root of a double, correctly rounded.
   *
   * @param x the number; NaN below zero
   * @return the root
   */
  public static double sqrt(double x) {
    return Math.sqrt(x);
  }
}
