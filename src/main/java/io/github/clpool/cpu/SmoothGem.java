package io.github.clpool.cpu;

import io.github.clpool.exact.Precision;
import io.github.clpool.exact.Sums;
import java.util.function.IntToDoubleFunction;

/**
 * The generalised mean, whose exponent is the parameter. Statistics: the output, the number of
 * cells and the sum.
 *
 * @param least what lower cells count as, in the computing type
 * @param precision the computing type
 */
record SmoothGem(double least, Precision precision) implements Smooth {
  @Override
  public int statistics() {
    return 3;
  }

  @Override
  public double reduce(Gather region, IntToDoubleFunction x, double p, double[] statistics) {
    double sum = region.sum(cell -> precision.pow(raised(x.applyAsDouble(cell)), p));
    double count = precision.round(region.count());
    double y = precision.pow(precision.round(sum / count), precision.round(1 / p));
    statistics[0] = y;
    statistics[1] = count;
    statistics[2] = sum;
    return y;
  }

  private double raised(double x) {
    return x < least ? least : x;
  }

  @Override
  public double term(int cell, double x, double g, double p, double[] statistics) {
    double y = statistics[0];
    if (x < least || y == 0) {
      return Sums.SKIPPED;
    } else if (!Double.isFinite(y)) {
      return Double.NaN;
    }
    double power = precision.pow(precision.round(x / y), precision.round(p - 1));
    return precision.round(precision.round(g / statistics[1]) * power);
  }

  @Override
  public double parameterTerm(
      Gather region, IntToDoubleFunction x, double g, double p, double[] statistics) {
    double y = statistics[0];
    if (y == 0) {
      return Sums.SKIPPED;
    }
    double logs =
        region.sum(
            cell -> {
              double u = raised(x.applyAsDouble(cell));
              return precision.round(precision.pow(u, p) * precision.log(u));
            });
    double slope = precision.round(precision.round(logs / statistics[2]) - precision.log(y));
    return precision.round(precision.round(precision.round(g * y) * slope) / p);
  }
}
