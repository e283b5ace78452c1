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
  int select(RegionCells region, double u) {
    double best = 0;
    int index = -1;
    for (int i = 0; i < region.count(); i++) {
      double value = magnitudes ? Math.abs(region.value(i)) : sign * region.value(i);
      if (index < 0 || Maximum.replaces(value, best)) {
        best = value;
        index = region.cell(i);
      }
    }
    return index;
  }
}
