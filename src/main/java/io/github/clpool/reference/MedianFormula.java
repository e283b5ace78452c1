package io.github.clpool.reference;

import java.util.Arrays;

/** The lower median. docs/semantics.md, 2.4 and 5. */
record MedianFormula() implements SelectingFormula {
  @Override
  public int select(RegionCells region, double u) {
    int n = region.count();
    if (n == 0) {
      return NONE;
    }
    double[] sorted = new double[n];
    Arrays.setAll(sorted, region::value);
    Arrays.sort(sorted); // -0 before +0, NaN last
    boolean hasNan = Double.isNaN(sorted[n - 1]);
    double median = hasNan ? Double.NaN : sorted[(n - 1) / 2];
    int i = hasNan ? n - 1 : 0;
    while (Double.compare(region.value(i), median) != 0) {
      i += hasNan ? -1 : 1;
    }
    return region.cell(i);
  }

  @Override
  public double outputOfNone() {
    return 0;
  }
}
