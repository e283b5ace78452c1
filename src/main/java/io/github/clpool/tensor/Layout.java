package io.github.clpool.tensor;

/** The order of a tensor's elements in memory, in every rank. Changes no result bit. Immutable. */
public enum Layout {
  /** Channels first: batch, channel, then the spatial axes. */
  NCHW,
  /** Channels last: batch, the spatial axes, then channel. */
  NHWC;

  /**
   * Where the first cell of a plane lies.
   *
   * @param shape the tensor's shape
   * @param n the batch position
   * @param c the channel
   * @return the offset in elements
   */
  public long planeOffset(Shape shape, long n, long c) {
    Require.present("shape", shape);
    return this == NCHW
        ? (n * shape.c() + c) * shape.planeSize()
        : n * shape.planeSize() * shape.c() + c;
  }

  /**
   * The distance between neighbouring cells of a plane.
   *
   * @param shape the tensor's shape
   * @return the distance in elements: 1 for {@link #NCHW}, the number of channels for {@link #NHWC}
   */
  public long cellStride(Shape shape) {
    Require.present("shape", shape);
    return this == NCHW ? 1 : shape.c();
  }
}
