package io.github.clpool.tensor;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;

/**
 * Checks that a buffer fits a storage: every storage does before it touches one, since native code
 * would believe whatever it is given. Stateless.
 */
public final class Buffers {
  private static final int PART = 1 << 20; // elements that are copied at a time

  private Buffers() {}

  /**
   * Checks a buffer that elements are taken from.
   *
   * @param source the buffer
   * @param storage where its elements go
   * @param first the first element there
   * @throws IllegalArgumentException if type, byte order or size does not fit
   */
  public static void checkSource(Buffer source, Storage storage, long first) {
    Require.present("storage", storage);
    checkType("source", source, storage.type());
    checkRoom("source", source, storage.elements(), first);
  }

  /**
   * Checks a buffer that elements are put into.
   *
   * @param target the buffer
   * @param storage where they come from
   * @param first the first element there
   * @throws IllegalArgumentException if type, byte order or size does not fit, or if the buffer is
   *     read-only
   */
  public static void checkTarget(Buffer target, Storage storage, long first) {
    Require.present("storage", storage);
    checkType("target", target, storage.type());
    Require.that(!target.isReadOnly(), "target is read-only, but must be writable");
    checkRoom("target", target, storage.elements(), first);
  }

  private static void checkType(String parameter, Buffer buffer, DataType type) {
    Require.present(parameter, buffer);
    boolean fits =
        switch (type) {
          case FLOAT32 -> buffer instanceof FloatBuffer;
          case FLOAT64 -> buffer instanceof DoubleBuffer;
          case FLOAT16, BFLOAT16 -> buffer instanceof ShortBuffer;
          case UINT8, INT8 -> buffer instanceof ByteBuffer;
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
  }

  private static void checkRoom(String parameter, Buffer buffer, long elements, long first) {
    Require.that(
        first >= 0 && first <= elements,
        "first is %d, but must be from 0 to %d, the number of elements",
        first,
        elements);
    Require.that(
        buffer.remaining() <= elements - first,
        "%s has %d elements remaining, but the tensor has %d from element %d on",
        parameter,
        buffer.remaining(),
        elements - first,
        first);
  }

  /** Checks that a buffer is for the whole tensor. */
  static void checkWhole(String parameter, Buffer buffer, DataType type, Shape shape) {
    checkType(parameter, buffer, type);
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
    } else if (buffer instanceof ShortBuffer shorts) {
      return shorts.order();
    }
    return ByteOrder.nativeOrder(); // bytes have none
  }

  /**
   * Fills a storage with elements of another, by way of the host, some at a time.
   *
   * @param from has elements of the same type
   * @param start the first of them that is copied
   * @param to takes as many as it has
   */
  public static void copy(Storage from, long start, Storage to) {
    long elements = Require.present("to", to).elements();
    Buffer part = direct(Require.present("from", from).type(), (int) Math.min(elements, PART));
    for (long first = 0; first < elements; first += part.capacity()) {
      part.rewind().limit((int) Math.min(part.capacity(), elements - first));
      from.read(start + first, part);
      to.write(first, part.rewind());
    }
  }

  private static Buffer direct(DataType type, int elements) {
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(elements * type.bytes()).order(ByteOrder.nativeOrder());
    return switch (type) {
      case FLOAT32 -> bytes.asFloatBuffer();
      case FLOAT64 -> bytes.asDoubleBuffer();
      case FLOAT16, BFLOAT16 -> bytes.asShortBuffer();
      case INT32 -> bytes.asIntBuffer();
      case UINT8, INT8 -> bytes;
    };
  }
}
