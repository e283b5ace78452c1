package io.github.clpool.cli;

import io.github.clpool.tensor.Shape;

/**
 * How large the benchmark's inputs are. Immutable.
 *
 * @param kind whose batches they are
 * @param scale how many times fewer planes they have
 */
record Sizes(Kind kind, int scale) {
  /** What has work enough. */
  enum Kind {
    /** A processor. */
    CPU,
    /** A graphics card, on which smaller batches would measure how calls are started. */
    GPU
  }

  boolean ofGpu() {
    return kind == Kind.GPU;
  }

  /** Fewer images and, where there are too few, fewer channels. */
  Shape of(Shape cpu, Shape gpu) {
    Shape shape = ofGpu() ? gpu : cpu;
    if (!shape.hasPlanes() || scale == 1) {
      return shape;
    }
    int[] spatial = new int[shape.axes()];
    for (int axis = 0; axis < spatial.length; axis++) {
      spatial[axis] = shape.spatial(axis);
    }
    long channels = shape.c() / Math.max(1, scale / shape.n());
    return Shape.of(Math.max(1, shape.n() / scale), Math.max(1, channels), spatial);
  }

  @Override
  public String toString() {
    return "of a " + kind + (scale == 1 ? "" : ", " + scale + " times fewer planes");
  }
}
