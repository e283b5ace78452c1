package io.github.clpool.cpu;

import io.github.clpool.backend.HeapStorage;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;

/**
 * Where the planes of a tensor lie in its array, batch by batch, channel by channel.
 *
 * @param storage the array
 * @param layout the order of its elements
 * @param shape the tensor's shape
 */
record Planes(HeapStorage storage, Layout layout, Shape shape) {
  static Planes of(Tensor tensor) {
    return new Planes(HeapStorage.of(tensor), tensor.layout(), tensor.shape());
  }

  /** The array of an INT32 tensor. */
  int[] ints() {
    return storage.ints();
  }

  int count() {
    return (int) shape.planeCount();
  }

  /** Which plane a batch position and a channel are. */
  int of(int n, int channel) {
    return n * (int) shape.c() + channel;
  }

  /** The place of a plane's first cell. */
  int start(int plane) {
    return (int) layout.planeOffset(shape, plane / shape.c(), plane % shape.c());
  }

  /** The distance between neighbouring cells of a plane. */
  int step() {
    return (int) layout.cellStride(shape);
  }

  /**
   * Stores the complete gradients of a plane, added to what is there unless {@code old} is null.
   */
  <A> void storeGradient(Numbers<A> numbers, int plane, A sums, int count, A old) {
    if (old != null) {
      numbers.load(storage, start(plane), step(), old, 0, count);
    }
    numbers.complete(sums, 0, count, old);
    numbers.store(sums, 0, storage, start(plane), step(), count);
  }
}
