package io.github.clpool.reference;

import io.github.clpool.exact.Precision;
import io.github.clpool.exact.Sums;
import io.github.clpool.op.Role;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;

/** The average weighted by the exponentials of logits (LIP). docs/semantics.md, section 5. */
record ImportanceFormula() implements SmoothFormula {
  @Override
  public Function<Region, Output> outputs(Plane plane) {
    Precision precision = plane.precision();
    IntToDoubleFunction x = plane.numbers(Role.INPUT);
    IntToDoubleFunction logits = plane.numbers(Role.LOGITS);
    return region -> {
      double m = Best.of(region, logits).value;
      double sum = region.sum(cell -> weight(logits.applyAsDouble(cell), m, precision));
      double moments =
          region.sum(
              cell -> {
                double e = weight(logits.applyAsDouble(cell), m, precision);
                return e == 0 ? Sums.SKIPPED : precision.round(e * x.applyAsDouble(cell));
              });
      return new Weighted(x, logits, precision, m, sum, precision.round(moments / sum));
    };
  }

  /** How much a cell weighs beside the one with the greatest logit m. */
  private static double weight(double logit, double m, Precision precision) {
    return logit == m ? 1 : precision.exp(precision.round(logit - m));
  }

  private record Weighted(
      IntToDoubleFunction x,
      IntToDoubleFunction logits,
      Precision precision,
      double m,
      double sum,
      double y)
      implements Output {
    @Override
    public double term(int cell, double g) {
      double e = weight(logits.applyAsDouble(cell), m, precision);
      return e == 0 ? Sums.SKIPPED : share(e, g);
    }

    @Override
    public double logitTerm(int cell, double g) {
      double e = weight(logits.applyAsDouble(cell), m, precision);
      return e == 0
          ? Sums.SKIPPED
          : precision.round(share(e, g) * precision.round(x.applyAsDouble(cell) - y));
    }

    private double share(double e, double g) {
      return precision.round(g * precision.round(e / sum));
    }
  }
}
