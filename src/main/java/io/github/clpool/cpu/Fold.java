package io.github.clpool.cpu;

import io.github.clpool.op.Reduction;

/** How the cells of a region become one number, and what an empty fold is. */
enum Fold {
  /** The sum; its identity is -0, which changes no number. */
  SUM(-0.0),
  /** The maximum of docs/semantics.md, 2.4, which is that of {@link Math#max(double, double)}. */
  MAX(Double.NEGATIVE_INFINITY),
  /** The minimum, alike. */
  MIN(Double.POSITIVE_INFINITY);

  private final double identity;

  Fold(double identity) {
    this.identity = identity;
  }

  double identity() {
    return identity;
  }

  /** Whether a reduction is a fold; the greatest magnitude is a maximum, too. */
  static boolean has(Reduction reduction) {
    return reduction.isSelecting() && !(reduction instanceof Reduction.Stochastic)
        || reduction instanceof Reduction.Avg
        || reduction instanceof Reduction.Sum;
  }

  static Fold of(Reduction reduction) {
    if (reduction instanceof Reduction.Max) {
      return MAX;
    } else if (reduction instanceof Reduction.Min) {
      return MIN;
    } else if (reduction instanceof Reduction.Avg || reduction instanceof Reduction.Sum) {
      return SUM;
    }
    throw new IllegalArgumentException("reduction " + reduction + " is unknown");
  }
}
