package io.github.clpool.cpu;

import io.github.clpool.op.Problem;

/** A cell drawn with a probability proportional to its value. docs/semantics.md, section 5. */
final class DirectStochastic<A> extends DirectSelect<A> {
  private static final double AGAINST_OVERFLOW = 0x1p-64;

  DirectStochastic(Problem problem, Numbers<A> numbers, Parallel parallel) {
    super(problem, numbers, parallel);
  }

  @Override
  boolean draws() {
    return true;
  }

  @Override
  double output(A cells, int index) {
    return index < 0 ? 0 : numbers.get(cells, index);
  }

  @Override
  int select(RegionCells region, double u) {
    int lastNan = -1;
    int firstInfinity = -1;
    for (int i = 0; i < region.count(); i++) {
      double value = region.value(i);
      if (value != value) {
        lastNan = region.cell(i);
      } else if (value == Double.POSITIVE_INFINITY && firstInfinity < 0) {
        firstInfinity = region.cell(i);
      }
    }
    if (lastNan >= 0 || firstInfinity >= 0) {
      return lastNan >= 0 ? lastNan : firstInfinity;
    }
    double total = total(region, 1);
    return total == Double.POSITIVE_INFINITY
        ? draw(region, AGAINST_OVERFLOW, numbers.round(u * total(region, AGAINST_OVERFLOW)))
        : draw(region, 1, numbers.round(u * total));
  }

  private double total(RegionCells region, double scale) {
    double total = 0;
    for (int i = 0; i < region.count(); i++) {
      total = numbers.round(total + weight(region.value(i), scale));
    }
    return total;
  }

  private int draw(RegionCells region, double scale, double threshold) {
    double sum = 0;
    int drawn = -1;
    // Sums never decrease: the last cell from a sum that is not above is the first that goes above.
    for (int i = 0; i < region.count() && sum <= threshold; i++) {
      double weight = weight(region.value(i), scale);
      if (weight > 0) {
        drawn = region.cell(i);
      }
      sum = numbers.round(sum + weight);
    }
    return drawn;
  }

  private double weight(double value, double scale) {
    if (value > 0) {
      return scale == 1 ? value : numbers.round(value * scale);
    }
    return 0;
  }
}
