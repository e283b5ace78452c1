package io.github.clpool.reference;

import io.github.clpool.backend.Arguments;
import io.github.clpool.exact.Precision;
import io.github.clpool.exact.Sums;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Reduction;
import io.github.clpool.op.Role;
import java.util.function.Function;

/** The generalised mean, whose exponent p is an input. docs/semantics.md, section 5. */
record ReferenceGemPool(double eps) implements ReferenceSmoothPool {
  static ReferenceGemPool of(Operator operator) {
    return new ReferenceGemPool(((Reduction.Gem) ((Pool) operator).reduction()).eps());
  }

  @Override
  public Function<Region, Output> plane(
      Cells x, Arguments arguments, int channel, Precision precision) {
    Cells exponents = Cells.array(arguments.get(Role.WEIGHTS));
    boolean shared = arguments.get(Role.WEIGHTS).shape().elements() == 1;
    double p = exponents.get(shared ? 0 : channel);
    double least = precision.round(eps);
    return region -> {
      double sum = region.sum(cell -> precision.pow(atLeast(least, x.get(cell)), p), precision);
      double mean = precision.round(sum / precision.round(region.count()));
      double y = precision.pow(mean, precision.round(1 / p));
      return new Mean(x, region, precision, p, least, sum, y);
    };
  }

  /** The maximum of 2.4 of a cell and eps, which is not zero. */
  private static double atLeast(double least, double x) {
    return x < least ? least : x;
  }

  private record Mean(
      Cells x, Region region, Precision precision, double p, double least, double sum, double y)
      implements Output {
    @Override
    public double term(int cell, double g) {
      if (x.get(cell) < least || y == 0) {
        return Sums.SKIPPED;
      } else if (!Double.isFinite(y)) {
        return Double.NaN;
      }
      double share = precision.round(g / precision.round(region.count()));
      double q = precision.round(atLeast(least, x.get(cell)) / y);
      return precision.round(share * precision.pow(q, precision.round(p - 1)));
    }

    @Override
    public double parameterTerm(double g) {
      if (y == 0) {
        return Sums.SKIPPED;
      }
      double logs =
          region.sum(
              cell -> {
                double u = atLeast(least, x.get(cell));
                return precision.round(precision.pow(u, p) * precision.log(u));
              },
              precision);
      double difference = precision.round(precision.round(logs / sum) - precision.log(y));
      return precision.round(precision.round(precision.round(g * y) * difference) / p);
    }
  }
}
