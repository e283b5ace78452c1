package io.github.clpool.cli;

import io.github.clpool.op.Global;
import io.github.clpool.op.Pool;
import io.github.clpool.op.WindowAxis;
import io.github.clpool.parity.Case;
import io.github.clpool.tensor.Shape;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/**
 * Regions as other libraries are told them, a number for each axis.
 *
 * @param global whether a region is a whole plane, which has operators of its own
 */
record PoolWindow(long[] kernel, long[] stride, long[] before, long[] after, boolean global) {
  static PoolWindow of(Case subject) {
    Pool pool = (Pool) subject.operator();
    Shape shape = subject.shape();
    int axes = shape.axes();
    if (pool.regions() instanceof Global) {
      long[] plane = IntStream.range(0, axes).mapToLong(shape::spatial).toArray();
      return new PoolWindow(plane, plane, new long[axes], new long[axes], true);
    }
    return new PoolWindow(
        each(pool, shape, WindowAxis::kernel),
        each(pool, shape, WindowAxis::stride),
        each(pool, shape, WindowAxis::before),
        each(pool, shape, WindowAxis::after),
        false);
  }

  private static long[] each(Pool pool, Shape shape, ToIntFunction<WindowAxis> number) {
    int axes = shape.axes();
    return IntStream.range(3 - axes, 3)
        .mapToLong(axis -> number.applyAsInt((WindowAxis) pool.geometry(shape).axis(axis)))
        .toArray();
  }

  /** The number of cells of a window. */
  long cells() {
    long cells = 1;
    for (long size : kernel) {
      cells *= size;
    }
    return cells;
  }
}
