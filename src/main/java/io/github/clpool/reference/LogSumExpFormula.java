package io.github.clpool.reference;

import io.github.clpool.exact.Precision;
import io.github.clpool.exact.Sums;
import io.github.clpool.op.LogSumExp;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;

/**
 * The logarithm of the sum, or of the mean, of the cells' exponentials. docs/semantics.md, section
 * 5.
 *
 * @param reduction its options
 */
record LogSumExpFormula(LogSumExp reduction) implements SmoothFormula {
  static LogSumExpFormula of(Problem problem) {
    return new LogSumExpFormula((LogSumExp) problem.pool().reduction());
  }

  @Override
  public Function<Region, Output> outputs(Plane plane) {
    Precision precision = plane.precision();
    IntToDoubleFunction x = plane.numbers(Role.INPUT);
    double r = precision.round(reduction.sharpness());
    return region -> {
      Best best = Best.of(region, x);
      double m = best.value;
      if (!Double.isFinite(m)) {
        return new SoftFormula.Selected(m, best.index);
      }
      IntToDoubleFunction e =
          cell -> precision.exp(precision.round(r * precision.round(x.applyAsDouble(cell) - m)));
      double sum = region.sum(e);
      double count = precision.round(region.count());
      double mean = reduction.averages() ? precision.round(sum / count) : sum;
      double y = precision.round(m + precision.round(precision.log(mean) / r));
      return new Logarithm(e, precision, sum, y);
    };
  }

  /** The exponentials e, their sum, and the output. */
  private record Logarithm(IntToDoubleFunction e, Precision precision, double sum, double y)
      implements Output {
    @Override
    public double term(int cell, double g) {
      double weight = e.applyAsDouble(cell);
      return weight == 0 ? Sums.SKIPPED : precision.round(g * precision.round(weight / sum));
    }
  }
}
