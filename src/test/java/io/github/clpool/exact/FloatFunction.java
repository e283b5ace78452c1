package io.github.clpool.exact;

import java.util.function.DoubleUnaryOperator;

/** The functions of one float, with what is right as far as doubles can tell. */
public enum FloatFunction {
  EXP(1, ExactMath::exp, Math::exp),
  LOG(1, ExactMath::log, Math::log),
  SIGMOID(2, ExactMath::sigmoid, x -> logistic(x)),
  SQRT(0.5, ExactMath::sqrt, Math::sqrt);

  private interface FloatOperator {
    float apply(float x);
  }

  private final double tolerance;
  private final FloatOperator function;
  private final DoubleUnaryOperator right;

  FloatFunction(double tolerance, FloatOperator function, DoubleUnaryOperator right) {
    this.tolerance = tolerance;
    this.function = function;
    this.right = right;
  }

  private static double logistic(double x) {
    double t = Math.exp(-Math.abs(x));
    return x >= 0 ? 1 / (1 + t) : t / (1 + t);
  }

  /** The name in the kernels. */
  public String kernelName() {
    return "exact_" + name().toLowerCase();
  }

  /** The most that a result may be off, in ulp. */
  public double tolerance() {
    return tolerance;
  }

  /** What the library computes. */
  public float of(float x) {
    return function.apply(x);
  }

  /** How far a result is off, in ulp. */
  public double error(float x) {
    return Ulps.between(of(x), right.applyAsDouble(x));
  }
}
