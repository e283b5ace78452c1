package io.github.clpool.reference;

import io.github.clpool.exact.Precision;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Stochastic;

/**
 * A cell drawn with a probability proportional to its value; once it is drawn, the gradient is that
 * of the maximum. docs/semantics.md, 3 and 5.
 */
record StochasticFormula(Precision precision) implements SelectingFormula {
  private static final double AGAINST_OVERFLOW = 0x1p-64;

  static Formula of(Problem problem) {
    Stochastic stochastic = (Stochastic) problem.pool().reduction();
    return stochastic.expects()
        ? new ExpectedFormula()
        : new StochasticFormula(Precision.of(problem.type()));
  }

  @Override
  public boolean draws() {
    return true;
  }

  @Override
  public double outputOfNone() {
    return 0;
  }

  @Override
  public int select(RegionCells region, double u) {
    int lastNan = NONE;
    int firstInfinity = NONE;
    for (int i = 0; i < region.count(); i++) {
      double value = region.value(i);
      if (value != value) {
        lastNan = region.cell(i);
      } else if (value == Double.POSITIVE_INFINITY && firstInfinity == NONE) {
        firstInfinity = region.cell(i);
      }
    }
    if (lastNan != NONE || firstInfinity != NONE) {
      return lastNan != NONE ? lastNan : firstInfinity;
    }
    double total = total(region, 1);
    return total == Double.POSITIVE_INFINITY
        ? draw(region, AGAINST_OVERFLOW, precision.round(u * total(region, AGAINST_OVERFLOW)))
        : draw(region, 1, precision.round(u * total));
  }

  /** One plain running sum in flat order. */
  private double total(RegionCells region, double scale) {
    double total = 0;
    for (int i = 0; i < region.count(); i++) {
      total = precision.round(total + weight(region.value(i), scale));
    }
    return total;
  }

  /** The first cell whose running sum is above the threshold, else the last of positive weight. */
  private int draw(RegionCells region, double scale, double threshold) {
    double sum = 0;
    int drawn = NONE;
    // Sums never decrease: the last cell from a sum that is not above is the first that goes above.
    for (int i = 0; i < region.count() && sum <= threshold; i++) {
      double weight = weight(region.value(i), scale);
      if (weight > 0) {
        drawn = region.cell(i);
      }
      sum = precision.round(sum + weight);
    }
    return drawn;
  }

  private double weight(double value, double scale) {
    if (value > 0) {
      return scale == 1 ? value : precision.round(value * scale);
    }
    return 0;
  }
}
