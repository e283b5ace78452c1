package io.github.clpool.reference;

import io.github.clpool.backend.Arguments;
import io.github.clpool.exact.Precision;
import io.github.clpool.exact.Sums;
import java.util.function.Function;

/**
 * What stochastic pooling draws on average: the average of the cells weighted by themselves,
 * negative ones as 0. docs/semantics.md, section 5.
 */
record ReferenceExpectedPool() implements ReferenceSmoothPool {
  @Override
  public Function<Region, Output> plane(
      Cells x, Arguments arguments, int channel, Precision precision) {
    return region -> {
      double sum = region.sum(cell -> weight(x.get(cell)), precision);
      double squares =
          region.sum(cell -> precision.round(weight(x.get(cell)) * weight(x.get(cell))), precision);
      double y = sum == 0 ? 0 : precision.round(squares / sum);
      return new Expected(x, precision, sum, y);
    };
  }

  /** NaN stays NaN. */
  private static double weight(double x) {
    return x < 0 ? 0 : x;
  }

  /** An output y with the sum of its weights. */
  private record Expected(Cells x, Precision precision, double sum, double y) implements Output {
    @Override
    public double term(int cell, double g) {
      if (sum == 0 || x.get(cell) < 0) {
        return Sums.SKIPPED;
      }
      double slope = precision.round(precision.round(2 * x.get(cell)) - y);
      return precision.round(g * precision.round(slope / sum));
    }
  }
}
