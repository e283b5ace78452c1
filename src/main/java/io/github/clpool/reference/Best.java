package io.github.clpool.reference;

import io.github.clpool.exact.Maximum;

/** The greatest cell so far, and where it is: docs/semantics.md, 2.4. */
final class Best {
  double value = Double.NEGATIVE_INFINITY;
  int index = -1;

  void offer(double cell, int at) {
    if (index < 0 || Maximum.replaces(cell, value)) {
      value = cell;
      index = at;
    }
  }
}
