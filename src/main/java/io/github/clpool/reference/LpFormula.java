package io.github.clpool.reference;

import io.github.clpool.exact.Precision;
import io.github.clpool.exact.Sums;
import io.github.clpool.op.Lp;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;

/** The p-norm with finite p. docs/semantics.md, section 5. */
record LpFormula(Lp lp, Precision precision) implements SmoothFormula {
  static Formula of(Problem problem) {
    Lp lp = (Lp) problem.pool().reduction();
    return lp.isSelecting()
        ? MaxFormula.OF_MAGNITUDES
        : new LpFormula(lp, Precision.of(problem.type()));
  }

  @Override
  public Function<Region, Output> outputs(Plane plane) {
    IntToDoubleFunction x = plane.numbers(Role.INPUT);
    return region -> {
      double sum = region.sum(cell -> power(base(x.applyAsDouble(cell))));
      double count = precision.round(region.count());
      double mean = lp.averages() ? precision.round(sum / count) : sum;
      return new Norm(this, x, count, root(mean));
    };
  }

  private double base(double x) {
    return lp.keepsSigns() ? x : Math.abs(x);
  }

  private double power(double x) {
    if (lp.p() == 1) {
      return x;
    } else if (lp.p() == 2) {
      return precision.round(x * x);
    } else if (lp.p() == 3) {
      return precision.round(precision.round(x * x) * x);
    }
    return precision.pow(x, precision.round(lp.p()));
  }

  private double root(double sum) {
    if (lp.p() == 1) {
      return sum;
    } else if (lp.p() == 2) {
      return precision.round(Math.sqrt(sum));
    }
    return precision.pow(sum, precision.round(1 / lp.p()));
  }

  /** The power p - 1. */
  private double powerBelow(double q) {
    if (lp.p() == 2) {
      return q;
    } else if (lp.p() == 3) {
      return precision.round(q * q);
    }
    return precision.pow(q, precision.round(lp.p() - 1));
  }

  private double term(double x, double g, double count, double y) {
    double share = lp.averages() ? precision.round(g / count) : g;
    double sign = lp.keepsSigns() ? 1 : MaxFormula.sign(x);
    if (lp.p() == 1) {
      return precision.round(share * sign);
    } else if (x == 0 || y == 0) {
      return Sums.SKIPPED;
    } else if (!Double.isFinite(y)) {
      return Double.NaN;
    }
    double q = precision.round(base(x) / y);
    return precision.round(share * (sign * powerBelow(q)));
  }

  private record Norm(LpFormula formula, IntToDoubleFunction x, double count, double y)
      implements Output {
    @Override
    public double term(int cell, double g) {
      return formula.term(x.applyAsDouble(cell), g, count, y);
    }
  }
}
