package io.github.clpool.cpu;

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
}
