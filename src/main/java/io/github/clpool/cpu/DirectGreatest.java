package io.github.clpool.cpu;

import io.github.clpool.exact.Maximum;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Reduction;

/** Maximum, minimum or greatest magnitude. docs/semantics.md, 2.4. */
final class DirectGreatest<A> extends DirectSelect<A> {
  private final double sign;
  private final boolean magnitudes;

  DirectGreatest(Problem problem, Numbers<A> numbers, Fold fold, Parallel parallel) {
    super(problem, numbers, parallel);
    this.sign = fold == Fold.MIN ? -1 : 1;
    this.magnitudes = ofMagnitudes(problem);
  }

  /** Whether magnitudes are selected: the p-norm with p = infinity. */
  static boolean ofMagnitudes(Problem problem) {
    return ((Pool) problem.operator()).reduction() instanceof Reduction.Lp;
  }

  @Override
  boolean draws() {
    return false;
  }

  @Override
  double output(A cells, int index) {
    double empty = magnitudes ? 0 : -sign / 0.0;
    double value = index < 0 ? empty : numbers.get(cells, index);
    return magnitudes ? Math.abs(value) : value;
  }

  @Override
  int select(A cells, Footprint footprint, int od, int oh, int ow, double u) {
    Reach d = footprint.d();
    Reach h = footprint.h();
    Reach w = footprint.w();
    double best = 0;
    int index = -1;
    for (int i = d.first()[od]; i < d.end()[od]; i++) {
      for (int j = h.first()[oh]; j < h.end()[oh]; j++) {
        for (int k = w.first()[ow]; k < w.end()[ow]; k++) {
          int cell = footprint.source(d.source(od, i), h.source(oh, j), w.source(ow, k));
          double value = numbers.get(cells, cell);
          value = magnitudes ? Math.abs(value) : sign * value;
          if (index < 0 || Maximum.replaces(value, best)) {
            best = value;
            index = cell;
          }
        }
      }
    }
    return index;
  }
}
