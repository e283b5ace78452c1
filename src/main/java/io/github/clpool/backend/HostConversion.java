package io.github.clpool.backend;

import io.github.clpool.tensor.Buffers;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.nio.Buffer;

/** Brings elements into another layout and type on the host. Stateless. */
final class HostConversion {
  private HostConversion() {}

  static void convert(Tensor from, Tensor to) {
    Require.present("to", to);
    int count = count(Require.present("from", from).shape());
    Buffer source;
    if (from.type() == to.type()) {
      source = Buffers.heap(from.type(), count);
      from.read(source);
      source.rewind();
    } else {
      source = Buffers.converted(to.type(), from.toFloats());
    }
    if (from.layout() == to.layout() || !from.shape().hasPlanes()) {
      to.write(source);
      return;
    }
    Buffer target = Buffers.heap(to.type(), source.capacity());
    transpose(source.array(), target.array(), from.shape(), from.layout());
    to.write(target);
  }

  private static int count(Shape shape) {
    Require.that(
        shape.elements() <= Buffers.LONGEST_ARRAY,
        "x has shape %s, but must have at most %d elements to be converted on the host",
        shape,
        Buffers.LONGEST_ARRAY);
    return (int) shape.elements();
  }

  /** Whatever the arrays' type is. */
  private static void transpose(Object from, Object to, Shape shape, Layout layout) {
    int channels = Math.toIntExact(shape.c());
    int cells = Math.toIntExact(shape.planeSize());
    int rows = layout == Layout.NCHW ? channels : cells;
    int columns = layout == Layout.NCHW ? cells : channels;
    int at = 0;
    for (long n = 0; n < shape.n(); n++) {
      int first = at;
      for (int column = 0; column < columns; column++) {
        for (int row = 0; row < rows; row++) {
          System.arraycopy(from, first + row * columns + column, to, at++, 1);
        }
      }
    }
  }
}
