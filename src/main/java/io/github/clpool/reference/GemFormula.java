package io.github.clpool.reference;

import io.github.clpool.exact.Precision;
import io.github.clpool.exact.Sums;
import io.github.clpool.op.Gem;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;

/** The generalised mean, whose exponent p is an input. docs/semantics.md, section 5. */
record GemFormula(double eps) implements SmoothFormula {
  static GemFormula of(Problem problem) {
    Gem gem = (Gem) problem.pool().reduction();
    return new GemFormula(Precision.of(problem.type()).round(gem.eps()));
  }

  @Override
  public Function<Region, Output> outputs(Plane plane) {
    Precision precision = plane.precision();
    IntToDoubleFunction x = plane.numbers(Role.INPUT);
    double p = plane.weight(0);
    return region -> {
      double sum = region.sum(cell -> precision.pow(atLeast(eps, x.applyAsDouble(cell)), p));
      double count = precision.round(region.count());
      double y = precision.pow(precision.round(sum / count), precision.round(1 / p));
      return new Mean(x, precision, p, eps, sum, count, y);
    };
  }

  /** The maximum of 2.4 of a cell and eps, which is not zero. */
  private static double atLeast(double eps, double x) {
    return x < eps ? eps : x;
  }

  private record Mean(
      IntToDoubleFunction x,
      Precision precision,
      double p,
      double eps,
      double sum,
      double count,
      double y)
      implements Output {
    @Override
    public double term(int cell, double g) {
      double cellValue = x.applyAsDouble(cell);
      if (cellValue < eps || y == 0) {
        return Sums.SKIPPED;
      } else if (!Double.isFinite(y)) {
        return Double.NaN;
      }
      double power = precision.pow(precision.round(cellValue / y), precision.round(p - 1));
      return precision.round(precision.round(g / count) * power);
    }

    @Override
    public double parameterTerm(Region region, double g) {
      if (y == 0) {
        return Sums.SKIPPED;
      }
      double logs =
          region.sum(
              cell -> {
                double u = atLeast(eps, x.applyAsDouble(cell));
                return precision.round(precision.pow(u, p) * precision.log(u));
              });
      double difference = precision.round(precision.round(logs / sum) - precision.log(y));
      return precision.round(precision.round(precision.round(g * y) * difference) / p);
    }
  }
}
