package io.github.clpool.tensor;

import java.nio.Buffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;

/** Checks that a buffer fits a tensor. */
final class Buffers {
  private Buffers() {}

  static void check(String parameter, Buffer buffer, DataType type, Shape shape) {
    Require.present(parameter, buffer);
    boolean fits =
        switch (type) {
          case FLOAT32 -> buffer instanceof FloatBuffer;
          case FLOAT64 -> buffer instanceof DoubleBuffer;
          case FLOAT16, BFLOAT16 -> buffer instanceof ShortBuffer;
          case INT32 -> buffer instanceof IntBuffer;
        };
    Require.that(
        fits,
        "%s is a %s, but the tensor holds %s",
        parameter,
        buffer.getClass().getSimpleName(),
        type);
    Require.that(
        order(buffer) == ByteOrder.nativeOrder(),
        "%s is in byte order %s, but must be in the native order %s",
        parameter,
        order(buffer),
        ByteOrder.nativeOrder());
    Require.that(
        buffer.remaining() == shape.elements(),
        "%s has %d elements remaining, but a tensor of shape %s has %d",
        parameter,
        buffer.remaining(),
        shape,
        shape.elements());
  }

  private static ByteOrder order(Buffer buffer) {
    if (buffer instanceof FloatBuffer floats) {
      return floats.order();
    } else if (buffer instanceof DoubleBuffer doubles) {
      return doubles.order();
    } else if (buffer instanceof IntBuffer ints) {
      return ints.order();
    }
    return ((ShortBuffer) buffer).order();
  }
}
