package io.github.clpool.reference;

import io.github.clpool.exact.Precision;
import io.github.clpool.exact.Sums;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.op.Soft;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;

/**
 * The average weighted by the exponentials of the cells. docs/semantics.md, section 5.
 *
 * @param exact whether the gradient is the derivative, not that of the paper
 */
record SoftFormula(boolean exact) implements SmoothFormula {
  static SoftFormula of(Problem problem) {
    return new SoftFormula(((Soft) problem.pool().reduction()).exact());
  }

  @Override
  public Function<Region, Output> outputs(Plane plane) {
    Precision precision = plane.precision();
    IntToDoubleFunction x = plane.numbers(Role.INPUT);
    return region -> {
      Best best = Best.of(region, x);
      double m = best.value;
      if (!Double.isFinite(m)) {
        return new Selected(m, best.index);
      }
      double sum = region.sum(cell -> precision.exp(precision.round(x.applyAsDouble(cell) - m)));
      double moments =
          region.sum(
              cell -> {
                double d = precision.round(x.applyAsDouble(cell) - m);
                double e = precision.exp(d);
                return e == 0 ? Sums.SKIPPED : precision.round(e * d);
              });
      double z = precision.round(moments / sum);
      return new Weighted(x, precision, exact, m, sum, z);
    };
  }

  /** With a maximum that is not finite, the output is the maximum. */
  record Selected(double y, int index) implements Output {
    @Override
    public double term(int cell, double g) {
      return cell == index ? g : Sums.SKIPPED;
    }
  }

  /** The maximum m, the sum of the weights, and z, by how much the output differs from m. */
  private record Weighted(
      IntToDoubleFunction x, Precision precision, boolean exact, double m, double sum, double z)
      implements Output {
    @Override
    public double y() {
      return precision.round(m + z);
    }

    @Override
    public double term(int cell, double g) {
      double d = precision.round(x.applyAsDouble(cell) - m);
      double e = precision.exp(d);
      if (e == 0) {
        return Sums.SKIPPED;
      }
      double share = precision.round(g * precision.round(e / sum));
      double slope = precision.round(precision.round(1 + d) - z);
      return exact ? precision.round(share * slope) : share;
    }
  }
}
