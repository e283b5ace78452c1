package io.github.clpool.reference;

import io.github.clpool.exact.Precision;
import io.github.clpool.exact.Sums;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.op.Variance;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;

/**
 * The variance and the standard deviation. docs/semantics.md, section 5.
 *
 * @param variance its options
 */
record VarianceFormula(Variance variance) implements SmoothFormula {
  static VarianceFormula of(Problem problem) {
    return new VarianceFormula((Variance) problem.pool().reduction());
  }

  @Override
  public Function<Region, Output> outputs(Plane plane) {
    Precision precision = plane.precision();
    IntToDoubleFunction x = plane.numbers(Role.INPUT);
    return region -> {
      double n = precision.round(region.count());
      double divisor = precision.round(variance.divisor(region.count()));
      double mean = precision.round(region.sum(x) / n);
      IntToDoubleFunction d = cell -> precision.round(x.applyAsDouble(cell) - mean);
      double squares =
          region.sum(cell -> precision.round(d.applyAsDouble(cell) * d.applyAsDouble(cell)));
      double v = precision.round(squares / divisor);
      return variance.root()
          ? new Deviation(d, precision, divisor, precision.round(Math.sqrt(v)))
          : new Spread(d, precision, divisor, v);
    };
  }

  /** A variance y; d: the distances of the cells to their mean. */
  private record Spread(IntToDoubleFunction d, Precision precision, double divisor, double y)
      implements Output {
    @Override
    public double term(int cell, double g) {
      double twice = precision.round(2 * d.applyAsDouble(cell));
      return precision.round(g * precision.round(twice / divisor));
    }
  }

  /** A standard deviation y. */
  private record Deviation(IntToDoubleFunction d, Precision precision, double divisor, double y)
      implements Output {
    @Override
    public double term(int cell, double g) {
      return y == 0
          ? Sums.SKIPPED
          : precision.round(
              precision.round(g / divisor) * precision.round(d.applyAsDouble(cell) / y));
    }
  }
}
