package io.github.clpool.cpu;

import io.github.clpool.exact.Sums;
import io.github.clpool.reference.Region;
import java.util.function.IntConsumer;
import java.util.function.IntToDoubleFunction;

/**
 * The sources of one target after the other: an output's cells, or the outputs that a cell feeds.
 * Not thread-safe.
 */
final class Gather implements Region {
  private final Numbers<?> numbers;
  private final BlockSum overH;
  private final BlockSum overD;
  private final BlockSum overW;
  private Footprint footprint;
  private int td;
  private int th;
  private int tw;

  Gather(Numbers<?> numbers) {
    this.numbers = numbers;
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

  @Override
  public boolean isEmpty() {
    return footprint.isEmpty(td, th, tw);
  }

  @Override
  public long count() {
    return (long) footprint.d().draws(td) * footprint.h().draws(th) * footprint.w().draws(tw);
  }

  @Override
  public void forEach(IntConsumer action) {
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

  @Override
  public double sum(IntToDoubleFunction term) {
    Reach d = footprint.d();
    Reach h = footprint.h();
    Reach w = footprint.w();
    boolean isShort =
        d.end()[td] <= Sums.BLOCK && h.end()[th] <= Sums.BLOCK && w.end()[tw] <= Sums.BLOCK;
    return isShort ? shortSum(d, h, w, term) : longSum(d, h, w, term);
  }

  /** With at most a block of terms along each axis every sum is one plain chain. */
  private double shortSum(Reach d, Reach h, Reach w, IntToDoubleFunction term) {
    double overW = Sums.SKIPPED;
    for (int k = w.first()[tw]; k < w.end()[tw]; k++) {
      double overD = Sums.SKIPPED;
      for (int i = d.first()[td]; i < d.end()[td]; i++) {
        double overH = Sums.SKIPPED;
        for (int j = h.first()[th]; j < h.end()[th]; j++) {
          int source = footprint.source(d.source(td, i), h.source(th, j), w.source(tw, k));
          overH = numbers.round(overH + term.applyAsDouble(source));
        }
        overD = numbers.round(overD + overH);
      }
      overW = numbers.round(overW + overD);
    }
    return overW;
  }

  private double longSum(Reach d, Reach h, Reach w, IntToDoubleFunction term) {
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
