package io.github.clpool.cpu;

import io.github.clpool.exact.Precision;
import io.github.clpool.exact.Sums;
import io.github.clpool.op.Reduction;
import java.util.function.IntToDoubleFunction;

/**
 * The p-norm with finite p. Statistics: the output and the number of cells.
 *
 * @param lp the reduction
 * @param precision the computing type
 */
record SmoothLp(Reduction.Lp lp, Precision precision) implements Smooth {
  @Override
  public int statistics() {
    return 2;
  }

  @Override
  public double reduce(
      Gather region, IntToDoubleFunction x, double parameter, double[] statistics) {
    double sum = region.sum(cell -> power(base(x.applyAsDouble(cell))));
    double count = precision.round(region.count());
    double y = root(lp.averages() ? precision.round(sum / count) : sum);
    statistics[0] = y;
    statistics[1] = count;
    return y;
  }

  private double base(double x) {
    return lp.keepsSigns() ? x : Math.abs(x);
  }

  private double power(double base) {
    if (lp.p() == 1) {
      return base;
    }
    double square = precision.round(base * base);
    if (lp.p() == 2) {
      return square;
    }
    return lp.p() == 3
        ? precision.round(square * base)
        : precision.pow(base, precision.round(lp.p()));
  }

  private double root(double sum) {
    if (lp.p() == 1) {
      return sum;
    }
    return lp.p() == 2
        ? precision.round(Math.sqrt(sum))
        : precision.pow(sum, precision.round(1 / lp.p()));
  }

  @Override
  public double term(int cell, double x, double g, double parameter, double[] statistics) {
    double y = statistics[0];
    double share = lp.averages() ? precision.round(g / statistics[1]) : g;
    double sign = lp.keepsSigns() ? 1 : sign(x);
    if (lp.p() == 1) {
      return precision.round(share * sign);
    } else if (x == 0 || y == 0) {
      return Sums.SKIPPED;
    } else if (!Double.isFinite(y)) {
      return Double.NaN;
    }
    double q = precision.round(base(x) / y);
    return precision.round(share * (sign * powerBelow(q)));
  }

  /** The power p - 1. */
  private double powerBelow(double q) {
    if (lp.p() == 2) {
      return q;
    }
    return lp.p() == 3 ? precision.round(q * q) : precision.pow(q, precision.round(lp.p() - 1));
  }

  /** 1, -1 or 0: neither zeros nor NaNs have a sign. */
  static double sign(double x) {
    return x > 0 ? 1 : x < 0 ? -1 : 0;
  }
}
