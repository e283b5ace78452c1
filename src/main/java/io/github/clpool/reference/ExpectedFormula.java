package io.github.clpool.reference;

import io.github.clpool.exact.Precision;
import io.github.clpool.exact.Sums;
import io.github.clpool.op.Role;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;

/**
 * What stochastic pooling draws on average: the average of the cells weighted by themselves,
 * negative ones as 0. docs/semantics.md, section 5.
 */
record ExpectedFormula() implements SmoothFormula {
  @Override
  public Function<Region, Output> outputs(Plane plane) {
    Precision precision = plane.precision();
    IntToDoubleFunction x = plane.numbers(Role.INPUT);
    return region -> {
      double sum = region.sum(cell -> weight(x.applyAsDouble(cell)));
      double squares =
          region.sum(
              cell -> {
                double weight = weight(x.applyAsDouble(cell));
                return precision.round(weight * weight);
              });
      double y = sum == 0 ? 0 : precision.round(squares / sum);
      return new Expected(x, precision, sum, y);
    };
  }

  /** NaN stays NaN. */
  private static double weight(double x) {
    return x < 0 ? 0 : x;
  }

  /** An output y with the sum of its weights. */
  private record Expected(IntToDoubleFunction x, Precision precision, double sum, double y)
      implements Output {
    @Override
    public double term(int cell, double g) {
      double value = x.applyAsDouble(cell);
      if (sum == 0 || value < 0) {
        return Sums.SKIPPED;
      }
      double slope = precision.round(precision.round(2 * value) - y);
      return precision.round(g * precision.round(slope / sum));
    }
  }
}
