package io.github.clpool.cpu;

import io.github.clpool.op.Problem;
import io.github.clpool.tensor.Layout;
import java.util.List;

/**
 * How planes are cut into parts, each of which a thread folds in caches.
 *
 * @param slabs how tensors are cut into channels
 * @param planes how many slabs are taken together
 * @param d the parts of the depth
 * @param h the parts of the height
 * @param w the width
 */
record TapParts(Slabs slabs, int planes, List<AxisTaps> d, List<AxisTaps> h, AxisTaps w) {
  /** What a row has at most before channels are cut, which costs a copy for each cell. */
  private static final int ROW_ELEMENTS = 1 << 14;

  /** What a part of some rows should have: it stays in the L2 cache. */
  private static final int PART_ELEMENTS = 1 << 16;

  /** What a volume should have: its slices share what they read. */
  private static final int VOLUME_ELEMENTS = 1 << 17;

  /** Small planes are taken together until they have as many. */
  private static final int PLANES_ELEMENTS = 1 << 13;

  static TapParts of(Problem problem, Footprint footprint) {
    Reach d = footprint.d();
    Reach h = footprint.h();
    Reach w = footprint.w();
    boolean volume = d.sources() > 1 || d.targets() > 1;
    int width = Math.max(w.sources(), w.targets());
    int slice = Math.max(h.sources(), h.targets()) * width;
    int plane = Math.max(d.sources(), d.targets()) * slice;
    Slabs slabs =
        volume
            ? Slabs.of(problem.input(), problem.layout(), plane, VOLUME_ELEMENTS)
            : Slabs.of(problem.input(), problem.layout(), width, ROW_ELEMENTS);
    int lanes = slabs.lanes();
    return new TapParts(
        slabs,
        problem.layout() == Layout.NCHW ? Math.max(1, PLANES_ELEMENTS / plane) : 1,
        AxisTaps.parts(d, fit(d, VOLUME_ELEMENTS / ((long) slice * lanes))),
        AxisTaps.parts(h, volume ? h.targets() : fit(h, PART_ELEMENTS / ((long) width * lanes))),
        AxisTaps.whole(w));
  }

  /** How many targets have so many sources; fewer would mostly read what their neighbours do. */
  private static int fit(Reach reach, long sources) {
    int span = 1;
    for (int t = 0; t < reach.targets(); t++) {
      span = Math.max(span, reach.span(t) + 1);
    }
    long fit = Math.max(sources - span, span) * reach.targets() / reach.sources();
    return (int) Math.max(1, Math.min(reach.targets(), fit));
  }

  /** The number of elements of an array for a part, before it is folded or behind. */
  long elements() {
    return (long) planes * most(d) * most(h) * Math.max(w.sources(), w.targets()) * slabs.lanes();
  }

  private static long most(List<AxisTaps> parts) {
    return parts.stream()
        .mapToInt(each -> Math.max(each.sources(), each.targets()))
        .max()
        .orElse(0);
  }
}
