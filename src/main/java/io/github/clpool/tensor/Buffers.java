package io.github.clpool.tensor;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;

/**
 * Buffers of elements: whether one fits a storage, which every storage checks before it touches
 * one, since native code would believe whatever it is given; and how they are made. Stateless.
 */
public final class Buffers {
  /** The most elements of an array that every JVM can make. */
  public static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

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
    Buffer part = room(Require.present("from", from).type(), (int) Math.min(elements, PART));
    for (long first = 0; first < elements; first += part.capacity()) {
      part.rewind().limit((int) Math.min(part.capacity(), elements - first));
      from.read(start + first, part);
      to.write(first, part.rewind());
    }
  }

  /**
   * Makes elements from numbers, rounded to nearest, ties to even.
   *
   * @param type any type but {@link DataType#INT32}; FLOAT64 holds the numbers as they are, 8-bit
   *     integers those outside their range as its nearest end, and NaN as 0
   * @param values the numbers
   * @return a buffer of that type, on the heap
   * @throws IllegalArgumentException if the type does not fit
   */
  public static Buffer converted(DataType type, float... values) {
    Require.present("values", values);
    return switch (Require.present("type", type)) {
      case FLOAT32 -> FloatBuffer.wrap(values);
      case FLOAT64 -> {
        double[] wider = new double[values.length];
        Arrays.setAll(wider, i -> values[i]);
        yield DoubleBuffer.wrap(wider);
      }
      case FLOAT16, BFLOAT16 -> {
        short[] bits = new short[values.length];
        for (int i = 0; i < bits.length; i++) {
          bits[i] =
              type == DataType.FLOAT16 ? Half.fromFloat(values[i]) : BFloat16.fromFloat(values[i]);
        }
        yield ShortBuffer.wrap(bits);
      }
      case UINT8, INT8 -> {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
          bytes[i] = Bytes.fromDouble(values[i], type);
        }
        yield ByteBuffer.wrap(bytes);
      }
      case INT32 ->
          throw new IllegalArgumentException("type is INT32, but must be another than that");
    };
  }

  /**
   * Makes room on the heap.
   *
   * @param type the type of the elements
   * @param elements how many
   * @return a buffer of that type, of zeros
   */
  public static Buffer heap(DataType type, int elements) {
    return switch (Require.present("type", type)) {
      case FLOAT32 -> FloatBuffer.allocate(elements);
      case FLOAT64 -> DoubleBuffer.allocate(elements);
      case FLOAT16, BFLOAT16 -> ShortBuffer.allocate(elements);
      case INT32 -> IntBuffer.allocate(elements);
      case UINT8, INT8 -> ByteBuffer.allocate(elements);
    };
  }

  /** The fast way, if the JVM allows so much direct memory. */
  private static Buffer room(DataType type, int elements) {
    try {
      return direct(type, elements);
    } catch (OutOfMemoryError full) {
      return heap(type, elements);
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
