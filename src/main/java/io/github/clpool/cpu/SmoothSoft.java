package io.github.clpool.cpu;

import io.github.clpool.exact.Maximum;
import io.github.clpool.exact.Precision;
import io.github.clpool.exact.Sums;
import java.util.function.IntToDoubleFunction;

/**
 * The average weighted by the exponentials of the cells. Statistics: the maximum m, the sum of the
 * weights, by how much the output differs from m, and, where m is not finite, its cell.
 *
 * @param exact whether the gradient is the derivative, not that of the paper
 * @param precision the computing type
 */
record SmoothSoft(boolean exact, Precision precision) implements Smooth {
  @Override
  public int statistics() {
    return 4;
  }

  @Override
  public double reduce(
      Gather region, IntToDoubleFunction x, double parameter, double[] statistics) {
    statistics[3] = -1;
    region.forEach(
        cell -> {
          double value = x.applyAsDouble(cell);
          if (statistics[3] < 0 || Maximum.replaces(value, statistics[0])) {
            statistics[0] = value;
            statistics[3] = cell;
          }
        });
    double m = statistics[0];
    if (!Double.isFinite(m)) {
      return m;
    }
    double sum = region.sum(cell -> weight(x.applyAsDouble(cell), m));
    double moments =
        region.sum(
            cell -> {
              double e = weight(x.applyAsDouble(cell), m);
              return e == 0
                  ? Sums.SKIPPED
                  : precision.round(e * precision.round(x.applyAsDouble(cell) - m));
            });
    statistics[1] = sum;
    statistics[2] = precision.round(moments / sum);
    return precision.round(m + statistics[2]);
  }

  /** A weight of 0 is skipped, which the sum of weights, never negative, does not tell. */
  private double weight(double x, double m) {
    return precision.exp(precision.round(x - m));
  }

  @Override
  public double term(int cell, double x, double g, double parameter, double[] statistics) {
    double m = statistics[0];
    if (!Double.isFinite(m)) {
      return cell == (int) statistics[3] ? g : Sums.SKIPPED;
    }
    double e = weight(x, m);
    if (e == 0) {
      return Sums.SKIPPED;
    }
    double share = precision.round(g * precision.round(e / statistics[1]));
    double slope = precision.round(precision.round(1 + precision.round(x - m)) - statistics[2]);
    return exact ? precision.round(share * slope) : share;
  }
}
