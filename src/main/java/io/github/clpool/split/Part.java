package io.github.clpool.split;

import io.github.clpool.tensor.Shape;
import java.util.List;

/**
 * A part of a tensor on a device: neighbouring elements, since the batch is the outermost axis in
 * every layout. Immutable.
 *
 * @param device the device's number
 * @param first the first element
 * @param shape the shape of the part
 */
record Part(int device, long first, Shape shape) {
  /** The parts of a tensor that has something for each batch position. */
  static List<Part> ofBatch(Shape shape, List<Share> shares) {
    if (shares.size() == 1) {
      return copies(shape, shares);
    }
    long[] sizes = shape.sizes();
    long each = shape.elements() / sizes[0];
    return shares.stream()
        .map(
            share -> new Part(share.device(), share.first() * each, shape.withBatch(share.count())))
        .toList();
  }

  /** A tensor that every share of a batch needs in full. */
  static List<Part> copies(Shape shape, List<Share> shares) {
    return shares.stream().map(share -> new Part(share.device(), 0, shape)).toList();
  }

  /** The element behind the last one. */
  long end() {
    return first + shape.elements();
  }
}
