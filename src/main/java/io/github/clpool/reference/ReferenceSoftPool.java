package io.github.clpool.reference;

import io.github.clpool.backend.Arguments;
import io.github.clpool.exact.Precision;
import io.github.clpool.exact.Sums;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Reduction;
import java.util.function.Function;

/** The average weighted by the exponentials of the cells. docs/semantics.md, section 5. */
record ReferenceSoftPool(boolean exact) implements ReferenceSmoothPool {
  static ReferenceSoftPool of(Operator operator) {
    return new ReferenceSoftPool(((Reduction.Soft) ((Pool) operator).reduction()).exact());
  }

  @Override
  public Function<Region, Output> plane(
      Cells x, Arguments arguments, int channel, Precision precision) {
    return region -> {
      Best best = new Best();
      region.forEach(cell -> best.offer(x.get(cell), cell));
      if (!Double.isFinite(best.value)) {
        return new Selected(best.value, best.index);
      }
      Weighted one = new Weighted(x, precision, exact, best.value, 0, 0);
      double sum = region.sum(cell -> skipZero(one.e(cell)), precision);
      double moments =
          region.sum(
              cell -> one.e(cell) == 0 ? Sums.SKIPPED : precision.round(one.e(cell) * one.d(cell)),
              precision);
      double z = precision.round(moments / sum);
      return new Weighted(x, precision, exact, best.value, sum, z);
    };
  }

  private static double skipZero(double e) {
    return e == 0 ? Sums.SKIPPED : e;
  }

  /** With a maximum that is not finite, the output is the maximum. */
  private record Selected(double y, int index) implements Output {
    @Override
    public double term(int cell, double g) {
      return cell == index ? g : Sums.SKIPPED;
    }
  }

  /** The maximum m, the sum of the weights, and z, by how much the output differs from m. */
  private record Weighted(
      Cells x, Precision precision, boolean exact, double m, double sum, double z)
      implements Output {
    double d(int cell) {
      return precision.round(x.get(cell) - m);
    }

    double e(int cell) {
      return precision.exp(d(cell));
    }

    @Override
    public double y() {
      return precision.round(m + z);
    }

    @Override
    public double term(int cell, double g) {
      if (e(cell) == 0) {
        return Sums.SKIPPED;
      }
      double share = precision.round(g * precision.round(e(cell) / sum));
      double slope = precision.round(precision.round(1 + d(cell)) - z);
      return exact ? precision.round(share * slope) : share;
    }
  }
}
