package io.github.clpool.cpu;

import io.github.clpool.backend.HeapStorage;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;

/**
 * A tensor cut into slabs: neighbouring channels of one batch position, which lie side by side for
 * each cell. Channels first, a slab is one plane, or some whole planes that one window takes each,
 * whose cells are put side by side.
 *
 * @param shape a shape of the call; input and output have the same slabs
 * @param layout the layout
 * @param lanes the number of planes of a slab
 * @param pitch the distance between neighbouring cells
 */
record Slabs(Shape shape, Layout layout, int lanes, int pitch) {
  private static final int FEWEST_LANES = 16;

  /** Planes side by side: so many have the cells of small ones in the L1 cache. */
  private static final int MOST_PLANES = 64;

  /** Cuts whole planes, each of which is one window. */
  static Slabs ofPlanes(Shape shape) {
    int planes = (int) shape.planeCount();
    int lanes = Math.max(1, Math.min(planes, MOST_PLANES)); // an empty batch has no planes
    while (planes % lanes != 0) {
      lanes--;
    }
    return new Slabs(shape, Layout.NCHW, lanes, 1);
  }

  /** Cuts plane by plane. */
  static Slabs ofSinglePlanes(Shape shape, Layout layout) {
    return new Slabs(shape, layout, 1, (int) layout.cellStride(shape));
  }

  /** Cuts so that a slab's row of {@code width} cells has at most some number of elements. */
  static Slabs of(Shape shape, Layout layout, int width, int elements) {
    if (layout == Layout.NCHW) {
      return ofSinglePlanes(shape, layout);
    }
    int channels = (int) shape.c();
    int lanes = channels;
    for (int parts = 2; (long) lanes * width > elements; parts++) {
      if (channels / parts < FEWEST_LANES) {
        break;
      }
      lanes = channels % parts == 0 ? channels / parts : lanes;
    }
    return new Slabs(shape, layout, lanes, channels);
  }

  int count() {
    return (int) (shape.planeCount() / lanes);
  }

  /**
   * The place of the first element of a slab in a tensor whose planes have some number of cells.
   */
  int start(int slab, int planeSize) {
    int plane = slab * lanes;
    int batch = (int) (plane / shape.c());
    return layout == Layout.NCHW
        ? plane * planeSize
        : (int) ((long) batch * planeSize * shape.c() + plane % shape.c());
  }

  /** The distance between neighbouring lanes of a cell. */
  private int step(int planeSize) {
    return layout == Layout.NCHW ? planeSize : 1;
  }

  /** Whether neighbouring cells lie one behind the other with all their lanes. */
  private boolean isDense() {
    return lanes == pitch;
  }

  /** Loads neighbouring cells of a slab of planes of some size. */
  <A> void load(
      Elements<A> elements,
      HeapStorage from,
      int planeSize,
      int place,
      A target,
      int to,
      int cells) {
    if (isDense()) {
      elements.load(from, place, 1, target, to, cells * lanes);
      return;
    }
    elements.loadCells(from, place, pitch, lanes, step(planeSize), target, to, cells);
  }

  /** Stores neighbouring cells of a slab of planes of some size. */
  <A> void store(
      Elements<A> elements,
      A source,
      int from,
      HeapStorage to,
      int planeSize,
      int place,
      int cells) {
    if (isDense()) {
      elements.store(source, from, to, place, 1, cells * lanes);
      return;
    }
    elements.storeCells(source, from, to, place, pitch, lanes, step(planeSize), cells);
  }

  /** Stores the complete gradients of neighbouring cells, see {@link Numbers#complete}. */
  <A> void storeGradient(
      Numbers<A> numbers,
      A sums,
      int from,
      HeapStorage to,
      int planeSize,
      int place,
      int cells,
      A old) {
    if (old != null) {
      load(numbers, to, planeSize, place, old, from, cells);
    }
    numbers.complete(sums, from, cells * lanes, old);
    store(numbers, sums, from, to, planeSize, place, cells);
  }
}
