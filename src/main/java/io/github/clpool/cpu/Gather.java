package io.github.clpool.cpu;

import java.util.function.IntConsumer;
import java.util.function.IntToDoubleFunction;

/**
 * The sources of one target after the other: an output's cells, or the outputs that a cell feeds.
 * Not thread-safe.
 */
final class Gather {
  private final BlockSum overH;
  private final BlockSum overD;
  private final BlockSum overW;
  private Footprint footprint;
  private int td;
  private int th;
  private int tw;

  Gather(Numbers<?> numbers) {
    this.overH = new BlockSum(numbers);
    this.overD = new BlockSum(numbers);
    this.overW = new BlockSum(numbers);
  }

  /** Goes over to another plane's targets. */
  Gather over(Footprint other) {
    footprint = other;
    return this;
  }

  /** Visits the targets in flat order; the other methods are about the one that is visited. */
  void forEachTarget(IntConsumer action) {
    int target = 0;
    for (td = 0; td < footprint.d().targets(); td++) {
      for (th = 0; th < footprint.h().targets(); th++) {
        for (tw = 0; tw < footprint.w().targets(); tw++) {
          action.accept(target++);
        }
      }
    }
  }

  boolean isEmpty() {
    return footprint.isEmpty(td, th, tw);
  }

  /** The number of sources. */
  long count() {
    return (long) footprint.d().draws(td) * footprint.h().draws(th) * footprint.w().draws(tw);
  }

  /** Visits the sources in flat order. */
  void forEach(IntConsumer action) {
    Reach d = footprint.d();
    Reach h = footprint.h();
    Reach w = footprint.w();
    for (int i = d.first()[td]; i < d.end()[td]; i++) {
      for (int j = h.first()[th]; j < h.end()[th]; j++) {
        for (int k = w.first()[tw]; k < w.end()[tw]; k++) {
          action.accept(footprint.source(d.source(td, i), h.source(th, j), w.source(tw, k)));
        }
      }
    }
  }

  /** Sums a term over the sources: over h for each d and w, then over d for each w, then over w. */
  double sum(IntToDoubleFunction term) {
    Reach d = footprint.d();
    Reach h = footprint.h();
    Reach w = footprint.w();
    overW.clear();
    overW.skip(w.first()[tw]);
    for (int k = w.first()[tw]; k < w.end()[tw]; k++) {
      overD.clear();
      overD.skip(d.first()[td]);
      for (int i = d.first()[td]; i < d.end()[td]; i++) {
        overH.clear();
        overH.skip(h.first()[th]);
        for (int j = h.first()[th]; j < h.end()[th]; j++) {
          int source = footprint.source(d.source(td, i), h.source(th, j), w.source(tw, k));
          overH.add(term.applyAsDouble(source));
        }
        overD.add(overH.sum());
      }
      overW.add(overD.sum());
    }
    return overW.sum();
  }
}
