package io.github.clpool.opencl.gpu;

import io.github.clpool.opencl.plan.Cuts;
import io.github.clpool.opencl.plan.PoolCall;

/**
 * What a work-item makes of a plane: rows and columns, which can be halved.
 *
 * @param <T> the type of it
 */
interface Shrinking<T extends Shrinking<T>> {
  PoolCall call();

  int rows();

  int columns();

  /** The same call by other rows and columns. */
  T with(int rows, int columns);

  /** Whether so much does not fit into registers. */
  boolean isTooLarge();

  /** How planes are cut. */
  Cuts cuts();

  /** Smaller, if it is too large, or too few work-items would be busy. */
  static <T extends Shrinking<T>> T halved(T whole) {
    long planes = whole.call().problem().input().planeCount();
    long wanted = whole.call().device().busyItems();
    T part = whole;
    while (part.rows() * part.columns() > 1
        && (part.isTooLarge() || part.cuts().perPlane() * planes < wanted)) {
      part =
          part.rows() > 1
              ? part.with(part.rows() / 2, part.columns())
              : part.with(1, part.columns() / 2);
    }
    return part;
  }
}
