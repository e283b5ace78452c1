package io.github.clpool.cpu;

import io.github.clpool.backend.HeapStorage;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;

/**
 * A tensor cut into slabs: neighbouring channels of one batch position, which lie side by side for
 * each cell. Channels first, a slab is one plane.
 *
 * @param shape a shape of the call; input and output have the same slabs
 * @param layout the layout
 * @param lanes the number of channels of a slab
 * @param pitch the distance between neighbouring cells
 */
record Slabs(Shape shape, Layout layout, int lanes, int pitch) {
  private static final int FEWEST_LANES = 16;

  /** Cuts so that a slab's row of {@code width} cells has at most some number of elements. */
  static Slabs of(Shape shape, Layout layout, int width, int elements) {
    if (layout == Layout.NCHW) {
      return new Slabs(shape, layout, 1, 1);
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
    int channel = slab * lanes;
    int batch = (int) (channel / shape.c());
    return layout == Layout.NCHW
        ? slab * planeSize
        : (int) ((long) batch * planeSize * shape.c() + channel % shape.c());
  }

  /** Loads neighbouring cells of a slab. */
  <A> void load(Elements<A> elements, HeapStorage from, int place, A target, int to, int cells) {
    if (lanes == pitch) {
      elements.load(from, place, 1, target, to, cells * lanes);
      return;
    }
    for (int i = 0; i < cells; i++) {
      elements.load(from, place + i * pitch, 1, target, to + i * lanes, lanes);
    }
  }

  /** Stores neighbouring cells of a slab. */
  <A> void store(Elements<A> elements, A source, int from, HeapStorage to, int place, int cells) {
    if (lanes == pitch) {
      elements.store(source, from, to, place, 1, cells * lanes);
      return;
    }
    for (int i = 0; i < cells; i++) {
      elements.store(source, from + i * lanes, to, place + i * pitch, 1, lanes);
    }
  }

  /** Stores the complete gradients of neighbouring cells, see {@link Numbers#complete}. */
  <A> void storeGradient(
      Numbers<A> numbers, A sums, int from, HeapStorage to, int place, int cells, A old) {
    if (old != null) {
      load(numbers, to, place, old, from, cells);
    }
    numbers.complete(sums, from, cells * lanes, old);
    store(numbers, sums, from, to, place, cells);
  }
}
