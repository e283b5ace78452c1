package io.github.clpool.exact;

import java.util.Locale;
import java.util.function.DoubleBinaryOperator;

/**
 * The exact functions of floats, with what is right as far as doubles can tell: Java's functions
 * are at most a few units off in a double's last place, which is a float's divided by 2^29. No root
 * and no quotient of floats is that close to the middle of two floats, unless it lies on it.
 */
public enum FloatFunction {
  EXP(1, 1, (x, y) -> ExactMath.exp(x), (x, y) -> Math.exp(x)),
  LOG(1, 1, (x, y) -> ExactMath.log(x), (x, y) -> Math.log(x)),
  SIGMOID(1, 2, (x, y) -> ExactMath.sigmoid(x), (x, y) -> logistic(x)),
  SQRT(1, 0.5, (x, y) -> ExactMath.sqrt(x), (x, y) -> Math.sqrt(x)),
  POW(2, 2, ExactMath::pow, (x, y) -> power(x, y)),
  DIVIDE(2, 0.5, (x, y) -> x / y, (x, y) -> x / y);

  private interface FloatOperator {
    float apply(float x, float y);
  }

  private final int arguments;
  private final double tolerance;
  private final FloatOperator function;
  private final DoubleBinaryOperator right;

  FloatFunction(
      int arguments, double tolerance, FloatOperator function, DoubleBinaryOperator right) {
    this.arguments = arguments;
    this.tolerance = tolerance;
    this.function = function;
    this.right = right;
  }

  private static double logistic(double x) {
    double t = Math.exp(-Math.abs(x));
    return x >= 0 ? 1 / (1 + t) : t / (1 + t);
  }

  /** C's, which Java's is not for 1 to any power and -1 to an infinite one. */
  private static double power(double x, double y) {
    return x == 1 || x == -1 && Double.isInfinite(y) ? 1 : Math.pow(x, y);
  }

  /** 1 or 2. */
  public int arguments() {
    return arguments;
  }

  /** The name in the kernels. */
  public String kernelName() {
    return (this == DIVIDE ? "" : "exact_") + name().toLowerCase(Locale.ROOT);
  }

  /** The most that a result may be off, in ulp. */
  double tolerance() {
    return tolerance;
  }

  /** What the library computes; functions of one argument ignore the second. */
  float of(float x, float y) {
    return function.apply(x, y);
  }

  /** How far a result is off, in ulp. */
  double error(float x, float y, float result) {
    return Ulps.between(result, right.applyAsDouble(x, y));
  }
}
