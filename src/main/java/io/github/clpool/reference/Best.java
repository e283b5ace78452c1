package io.github.clpool.reference;

import io.github.clpool.exact.Maximum;
import java.util.function.IntToDoubleFunction;

/** The maximum of the cells so far, and where it is: docs/semantics.md, 2.4. */
final class Best {
  double value = Double.NEGATIVE_INFINITY;
  int index = -1;

  static Best of(Region region, IntToDoubleFunction values) {
    Best best = new Best();
    region.forEach(cell -> best.offer(values.applyAsDouble(cell), cell));
    return best;
  }

  void offer(double cell, int at) {
    if (index < 0 || Maximum.replaces(cell, value)) {
      value = cell;
      index = at;
    }
  }
}
