package io.github.clpool.opencl.gpu;

import io.github.clpool.opencl.plan.Cuts;
import io.github.clpool.opencl.plan.PoolCall;
import io.github.clpool.tensor.Layout;

/**
 * What a work-item makes of a plane, or of neighbouring ones: rows and columns, which can be
 * halved.
 *
 * @param <T> the type of it
 */
interface Shrinking<T extends Shrinking<T>> {
  PoolCall call();

  int rows();

  int columns();

  /** The neighbouring channels, more than one only where they lie side by side. */
  int channels();

  /** The same call by other rows, columns and channels. */
  T with(int rows, int columns, int channels);

  /** Whether so much does not fit into registers. */
  boolean isTooLarge();

  /** How planes are cut. */
  Cuts cuts();

  /** Smaller, if it is too large, or too few work-items would be busy. */
  static <T extends Shrinking<T>> T halved(T whole) {
    long planes = whole.call().problem().input().planeCount();
    long wanted = whole.call().device().busyItems();
    T part = whole;
    while (part.rows() * part.columns() * part.channels() > 1
        && (part.isTooLarge() || part.cuts().perPlane() * planes / part.channels() < wanted)) {
      part = half(part);
    }
    return part;
  }

  private static <T extends Shrinking<T>> T half(T part) {
    if (part.rows() > 1) {
      return part.with(part.rows() / 2, part.columns(), part.channels());
    }
    return part.columns() > 1
        ? part.with(1, part.columns() / 2, part.channels())
        : part.with(1, 1, part.channels() / 2);
  }

  /** Of at most so many neighbouring channels the most that are worth while in a work-item. */
  static int neighbours(PoolCall call, int most) {
    int channels = 1;
    if (call.problem().layout() == Layout.NHWC && !call.device().isProcessor()) {
      while (2 * channels <= most && call.problem().input().c() % (2 * channels) == 0) {
        channels *= 2;
      }
    }
    return channels;
  }
}
