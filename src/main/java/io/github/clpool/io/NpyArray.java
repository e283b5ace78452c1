package io.github.clpool.io;

import io.github.clpool.tensor.Require;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.List;

/**
 * An array as a {@code .npy} file holds it, row-major. Not thread-safe: buffers have positions.
 *
 * @param type the element type
 * @param sizes the sizes, outermost first; empty for a single number
 * @param bytes the elements, little endian
 */
public record NpyArray(NpyType type, List<Long> sizes, ByteBuffer bytes) {
  /**
   * Copies the sizes and checks that the bytes fit them.
   *
   * @param type the element type
   * @param sizes the sizes, outermost first; empty for a single number
   * @param bytes the elements, little endian
   */
  public NpyArray {
    Require.present("bytes", bytes);
    sizes = List.copyOf(Require.present("sizes", sizes));
    long needed = bytes(type, sizes);
    Require.that(
        bytes.remaining() == needed,
        "array has %d bytes, but %s %s has %d",
        bytes.remaining(),
        type.text(),
        sizes,
        needed);
    bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Makes an array whose elements are 0, to be filled through {@link #buffer}.
   *
   * @param type the element type
   * @param sizes the sizes, outermost first
   * @return the array, in direct memory
   * @throws IllegalArgumentException if it would have 2^31 bytes or more
   */
  public static NpyArray zeros(NpyType type, List<Long> sizes) {
    return new NpyArray(type, sizes, ByteBuffer.allocateDirect(bytes(type, sizes)));
  }

  /**
   * The elements.
   *
   * @return a new view from the first element on, whose class is the type's; 16-bit types are
   *     shorts
   */
  public Buffer buffer() {
    ByteBuffer view = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    return switch (type) {
      case FLOAT16, BITS16 -> view.asShortBuffer();
      case FLOAT32 -> view.asFloatBuffer();
      case FLOAT64 -> view.asDoubleBuffer();
      case UINT8, INT8 -> view;
      case INT32 -> view.asIntBuffer();
      case INT64 -> view.asLongBuffer();
    };
  }

  /**
   * Makes an array from a copy of its elements.
   *
   * @param type the element type
   * @param elements the elements, from the buffer's position on, which moves
   * @param sizes the sizes, outermost first
   * @return the array
   * @throws IllegalArgumentException if there are too many or too few elements
   */
  public static NpyArray of(NpyType type, Buffer elements, List<Long> sizes) {
    Require.present("elements", elements);
    int needed = bytes(type, sizes) / type.bytes();
    Require.that(
        elements.remaining() == needed, // before memory is made for them
        "array has %d elements, but sizes %s need %d",
        elements.remaining(),
        sizes,
        needed);
    NpyArray array = zeros(type, sizes);
    Buffer target = array.buffer();
    switch (type) {
      case FLOAT16, BITS16 -> ((ShortBuffer) target).put((ShortBuffer) elements);
      case FLOAT32 -> ((FloatBuffer) target).put((FloatBuffer) elements);
      case FLOAT64 -> ((DoubleBuffer) target).put((DoubleBuffer) elements);
      case UINT8, INT8 -> ((ByteBuffer) target).put((ByteBuffer) elements);
      case INT32 -> ((IntBuffer) target).put((IntBuffer) elements);
      case INT64 -> ((LongBuffer) target).put((LongBuffer) elements);
    }
    return array;
  }

  /** How many bytes an array has, checked before memory is made for it. */
  static int bytes(NpyType type, List<Long> sizes) {
    Require.present("type", type);
    Require.present("sizes", sizes);
    // A size of 0 makes any product 0, so it is looked for first.
    long bytes = sizes.contains(0L) ? 0 : type.bytes();
    for (long size : sizes) {
      Require.atLeast("size", size, 0);
      Require.that(
          bytes == 0 || size <= Integer.MAX_VALUE / bytes,
          "array %s %s is too large, but must have less than 2^31 bytes",
          type.text(),
          sizes);
      bytes *= size;
    }
    return (int) bytes;
  }
}
