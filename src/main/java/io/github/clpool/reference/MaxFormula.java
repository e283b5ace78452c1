package io.github.clpool.reference;

import io.github.clpool.exact.Maximum;

/**
 * Maximum and, as the maximum of negated cells or of magnitudes, minimum and the p-norm with p =
 * infinity. docs/semantics.md, 2.4 and 5.
 */
record MaxFormula(boolean minimum, boolean magnitudes) implements SelectingFormula {
  static final MaxFormula MAX = new MaxFormula(false, false);
  static final MaxFormula MIN = new MaxFormula(true, false);
  static final MaxFormula OF_MAGNITUDES = new MaxFormula(false, true);

  @Override
  public int select(RegionCells region, double u) {
    double sign = minimum ? -1 : 1;
    double best = 0;
    int index = NONE;
    for (int i = 0; i < region.count(); i++) {
      double value = magnitudes ? Math.abs(region.value(i)) : sign * region.value(i);
      if (index == NONE || Maximum.replaces(value, best)) {
        best = value;
        index = region.cell(i);
      }
    }
    return index;
  }

  @Override
  public double output(double x) {
    return magnitudes ? Math.abs(x) : x;
  }

  @Override
  public double outputOfNone() {
    return magnitudes ? 0 : minimum ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
  }

  @Override
  public boolean readsInput() {
    return magnitudes;
  }

  @Override
  public double slope(double x) {
    return magnitudes ? sign(x) : 1;
  }

  /** 1, -1 or 0: neither zeros nor NaNs have a sign. */
  static double sign(double x) {
    return x > 0 ? 1 : x < 0 ? -1 : 0;
  }
}
