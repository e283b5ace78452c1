package io.github.clpool.cpu;

import io.github.clpool.exact.Precision;
import io.github.clpool.exact.Sums;
import java.util.function.IntToDoubleFunction;

/**
 * What stochastic pooling draws on average: the average of the cells weighted by themselves,
 * negative ones as 0. Statistics: the sum of the weights and the output.
 *
 * @param precision the computing type
 */
record SmoothExpected(Precision precision) implements Smooth {
  @Override
  public int statistics() {
    return 2;
  }

  @Override
  public double reduce(
      Gather region, IntToDoubleFunction x, double parameter, double[] statistics) {
    double sum = region.sum(cell -> weight(x.applyAsDouble(cell)));
    double squares =
        region.sum(
            cell -> {
              double weight = weight(x.applyAsDouble(cell));
              return precision.round(weight * weight);
            });
    statistics[0] = sum;
    statistics[1] = sum == 0 ? 0 : precision.round(squares / sum);
    return statistics[1];
  }

  /** NaN stays NaN. */
  private static double weight(double x) {
    return x < 0 ? 0 : x;
  }

  @Override
  public double term(int cell, double x, double g, double parameter, double[] statistics) {
    if (statistics[0] == 0 || x < 0) {
      return Sums.SKIPPED;
    }
    double slope = precision.round(precision.round(2 * x) - statistics[1]);
    return precision.round(g * precision.round(slope / statistics[0]));
  }
}
