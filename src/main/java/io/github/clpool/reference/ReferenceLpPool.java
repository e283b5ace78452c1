package io.github.clpool.reference;

import io.github.clpool.backend.Arguments;
import io.github.clpool.exact.Precision;
import io.github.clpool.exact.Sums;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Reduction;
import java.util.function.Function;

/** The p-norm with finite p. docs/semantics.md, section 5. */
record ReferenceLpPool(Reduction.Lp lp) implements ReferenceSmoothPool {
  static ReferencePool of(Operator operator) {
    Reduction.Lp lp = (Reduction.Lp) ((Pool) operator).reduction();
    return lp.isSelecting() ? new ReferenceMaxPool(false, true) : new ReferenceLpPool(lp);
  }

  @Override
  public Function<Region, Output> plane(
      Cells x, Arguments arguments, int channel, Precision precision) {
    return region -> {
      double sum = region.sum(cell -> power(base(x.get(cell)), precision), precision);
      double count = precision.round(region.count());
      double mean = lp.averages() ? precision.round(sum / count) : sum;
      return new Norm(lp, x, precision, count, root(mean, precision));
    };
  }

  private double base(double x) {
    return lp.keepsSigns() ? x : Math.abs(x);
  }

  private double power(double x, Precision precision) {
    if (lp.p() == 1) {
      return x;
    } else if (lp.p() == 2) {
      return precision.round(x * x);
    } else if (lp.p() == 3) {
      return precision.round(precision.round(x * x) * x);
    }
    return precision.pow(x, precision.round(lp.p()));
  }

  private double root(double sum, Precision precision) {
    if (lp.p() == 1) {
      return sum;
    } else if (lp.p() == 2) {
      return precision.round(Math.sqrt(sum));
    }
    return precision.pow(sum, precision.round(1 / lp.p()));
  }

  private record Norm(Reduction.Lp lp, Cells cells, Precision precision, double count, double y)
      implements Output {
    @Override
    public double term(int cell, double g) {
      double x = cells.get(cell);
      double share = lp.averages() ? precision.round(g / count) : g;
      double sign = lp.keepsSigns() ? 1 : ReferenceMaxPool.sign(x);
      if (lp.p() == 1) {
        return precision.round(share * sign);
      } else if (x == 0 || y == 0) {
        return Sums.SKIPPED;
      } else if (!Double.isFinite(y)) {
        return Double.NaN;
      }
      double q = precision.round((lp.keepsSigns() ? x : Math.abs(x)) / y);
      return precision.round(share * (sign * power(q)));
    }

    /** The power p - 1. */
    private double power(double q) {
      if (lp.p() == 2) {
        return q;
      } else if (lp.p() == 3) {
        return precision.round(q * q);
      }
      return precision.pow(q, precision.round(lp.p() - 1));
    }
  }
}
