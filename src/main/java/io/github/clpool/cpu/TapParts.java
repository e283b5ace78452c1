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
    boolean volume = isVolume(d);
    int width = longer(w);
    int slice = longer(h) * width;
    int plane = longer(d) * slice;
    Slabs slabs = slabs(problem, footprint);
    int lanes = slabs.lanes();
    return new TapParts(
        slabs,
        problem.layout() == Layout.NCHW ? Math.max(1, PLANES_ELEMENTS / plane) : 1,
        AxisTaps.parts(d, fit(d, VOLUME_ELEMENTS / ((long) slice * lanes))),
        AxisTaps.parts(h, volume ? h.targets() : fit(h, PART_ELEMENTS / ((long) width * lanes))),
        AxisTaps.whole(w));
  }

  /** How tensors are cut into channels. */
  static Slabs slabs(Problem problem, Footprint footprint) {
    int width = longer(footprint.w());
    return isVolume(footprint.d())
        ? Slabs.of(
            problem.input(),
            problem.layout(),
            longer(footprint.d()) * longer(footprint.h()) * width,
            VOLUME_ELEMENTS)
        : Slabs.of(problem.input(), problem.layout(), width, ROW_ELEMENTS);
  }

  private static boolean isVolume(Reach d) {
    return longer(d) > 1;
  }

  private static int longer(Reach axis) {
    return Math.max(axis.sources(), axis.targets());
  }

  /** How many targets have so many sources; fewer would mostly read what their neighbours do. */
  private static int fit(Reach reach, long sources) {
    int span = reach.longest();
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
