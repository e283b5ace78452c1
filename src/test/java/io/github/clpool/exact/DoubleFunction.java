package io.github.clpool.exact;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;

/** The exact functions of doubles, with what is right to many digits. */
public enum DoubleFunction {
  EXP(1, 1, (x, y) -> ExactMath.exp(x), (x, y) -> PreciseMath.exp(x)),
  LOG(1, 1, (x, y) -> ExactMath.log(x), (x, y) -> PreciseMath.log(x)),
  SIGMOID(1, 2, (x, y) -> ExactMath.sigmoid(x), (x, y) -> PreciseMath.sigmoid(x)),
  POW(2, 2, ExactMath::pow, PreciseMath::pow),
  SQRT(1, 0.5, (x, y) -> ExactMath.sqrt(x), (x, y) -> x.sqrt(PreciseMath.DIGITS));

  private final int arguments;
  private final double tolerance;
  private final DoubleBinaryOperator function;
  private final BinaryOperator<BigDecimal> right;

  DoubleFunction(
      int arguments,
      double tolerance,
      DoubleBinaryOperator function,
      BinaryOperator<BigDecimal> right) {
    this.arguments = arguments;
    this.tolerance = tolerance;
    this.function = function;
    this.right = right;
  }

  /** 1 or 2. */
  public int arguments() {
    return arguments;
  }

  /** The name in the kernels. */
  public String kernelName() {
    return "exact_" + name().toLowerCase(Locale.ROOT);
  }

  /** The most that a result may be off, in ulp. */
  double tolerance() {
    return tolerance;
  }

  /** What the library computes; functions of one argument ignore the second. */
  public double of(double x, double y) {
    return function.applyAsDouble(x, y);
  }

  /** How far off that is, in ulp, for finite numbers whose right result is finite and not 0. */
  double error(double x, double y) {
    return Ulps.between(of(x, y), right.apply(new BigDecimal(x), new BigDecimal(y)));
  }

  /**
   * Draws numbers over the whole range in which results are neither infinite nor 0, and of it most
   * often where they are not the plainest.
   */
  public double[] draw(SplittableRandom random) {
    double any = Double.longBitsToDouble(random.nextLong() >>> 1);
    double positive = Double.isFinite(any) ? any : 1 + random.nextDouble();
    double nearOne = 1 + (random.nextDouble() - 0.5) * Math.scalb(1.0, random.nextInt(-50, 1));
    double small = (random.nextDouble() - 0.5) * Math.scalb(1.0, random.nextInt(-50, 2));
    boolean plain = random.nextBoolean();
    return switch (this) {
      case EXP -> new double[] {plain ? random.nextDouble(-745.13, 709.78) : small};
      case SIGMOID -> new double[] {plain ? random.nextDouble(-745.13, 40) : small};
      case LOG, SQRT -> new double[] {plain ? positive : nearOne};
      case POW -> {
        double x = plain ? positive : nearOne;
        double logarithm = Math.log(x);
        double y = random.nextDouble(-744, 709) / logarithm;
        yield new double[] {x, logarithm != 0 && Double.isFinite(y) ? y : random.nextDouble()};
      }
    };
  }
}
