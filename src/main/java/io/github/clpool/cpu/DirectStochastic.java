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
  int select(A cells, Footprint footprint, int od, int oh, int ow, double u) {
    Reach d = footprint.d();
    Reach h = footprint.h();
    Reach w = footprint.w();
    int lastNan = -1;
    int firstInfinity = -1;
    double total = 0;
    double scaledTotal = 0;
    for (int i = d.first()[od]; i < d.end()[od]; i++) {
      for (int j = h.first()[oh]; j < h.end()[oh]; j++) {
        for (int k = w.first()[ow]; k < w.end()[ow]; k++) {
          int cell = footprint.source(d.source(od, i), h.source(oh, j), w.source(ow, k));
          double value = numbers.get(cells, cell);
          if (value != value) {
            lastNan = cell;
          } else if (value == Double.POSITIVE_INFINITY && firstInfinity < 0) {
            firstInfinity = cell;
          } else {
            total = numbers.round(total + weight(value, 1));
            scaledTotal = numbers.round(scaledTotal + weight(value, AGAINST_OVERFLOW));
          }
        }
      }
    }
    if (lastNan >= 0 || firstInfinity >= 0) {
      return lastNan >= 0 ? lastNan : firstInfinity;
    }
    boolean overflows = total == Double.POSITIVE_INFINITY;
    double scale = overflows ? AGAINST_OVERFLOW : 1;
    double threshold = numbers.round(u * (overflows ? scaledTotal : total));
    double sum = 0;
    int drawn = -1;
    for (int i = d.first()[od]; i < d.end()[od]; i++) {
      for (int j = h.first()[oh]; j < h.end()[oh]; j++) {
        for (int k = w.first()[ow]; k < w.end()[ow]; k++) {
          int cell = footprint.source(d.source(od, i), h.source(oh, j), w.source(ow, k));
          double weight = weight(numbers.get(cells, cell), scale);
          // Sums never decrease: the last such cell is the first above the threshold, if any is.
          if (sum <= threshold && weight > 0) {
            drawn = cell;
          }
          sum = numbers.round(sum + weight);
        }
      }
    }
    return drawn;
  }

  private double weight(double value, double scale) {
    return value > 0 ? numbers.round(value * scale) : 0;
  }
}
