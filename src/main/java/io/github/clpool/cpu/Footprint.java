package io.github.clpool.cpu;

import io.github.clpool.op.Direction;
import io.github.clpool.op.Geometry;

/**
 * What each position of a plane draws from, one {@link Reach} per axis: forward the outputs from
 * the cells of their regions, backward the cells from the outputs that they feed.
 *
 * @param d depth
 * @param h height
 * @param w width
 */
record Footprint(Reach d, Reach h, Reach w) {
  static Footprint of(Geometry geometry, Direction direction) {
    return direction == Direction.FORWARD
        ? new Footprint(
            Reach.taps(geometry.d()), Reach.taps(geometry.h()), Reach.taps(geometry.w()))
        : new Footprint(
            Reach.covers(geometry.d()), Reach.covers(geometry.h()), Reach.covers(geometry.w()));
  }

  /** One target that draws from all targets of this footprint, as from a plane of its own. */
  Footprint whole() {
    return new Footprint(Reach.all(d.targets()), Reach.all(h.targets()), Reach.all(w.targets()));
  }

  /** The number of targets of a plane. */
  int targets() {
    return d.targets() * h.targets() * w.targets();
  }

  /** The flat index of a source. */
  int source(int sd, int sh, int sw) {
    return (sd * h.sources() + sh) * w.sources() + sw;
  }

  boolean isEmpty(int td, int th, int tw) {
    return d.isEmpty(td) || h.isEmpty(th) || w.isEmpty(tw);
  }
}
