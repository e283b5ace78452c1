package io.github.clpool.parity;

import io.github.clpool.tensor.BFloat16;
import io.github.clpool.tensor.Buffers;
import io.github.clpool.tensor.Bytes;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Half;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;
import java.util.Set;

/** The elements of one tensor on the heap, in memory order. */
final class Elements {
  private final DataType type;
  private final Buffer buffer;
  private final int count;

  private Elements(DataType type, Shape shape) {
    this.type = type;
    Require.that(
        shape.elements() <= Buffers.LONGEST_ARRAY,
        "shape %s has more elements than can be compared, %d",
        shape,
        Buffers.LONGEST_ARRAY);
    this.count = (int) shape.elements();
    this.buffer = Buffers.heap(type, count);
  }

  static Elements room(DataType type, Shape shape) {
    return new Elements(type, shape);
  }

  /** The same number everywhere, which no result of a test is. */
  static Elements poison(DataType type, Shape shape, double value) {
    Elements elements = new Elements(type, shape);
    for (int i = 0; i < elements.count; i++) {
      elements.set(i, value);
    }
    return elements;
  }

  /**
   * Draws elements; each depends on its logical position alone, so that neither layout nor the
   * sizes of other axes change it, and a smaller tensor is a corner of a larger one.
   */
  static Elements draw(
      Recipe recipe, long seed, boolean subnormals, DataType type, Shape shape, Layout layout) {
    Elements elements = new Elements(type, shape);
    if (!shape.hasPlanes()) {
      for (int i = 0; i < elements.count; i++) {
        elements.set(i, recipe.draw(type, seed, i, subnormals));
      }
      return elements;
    }
    long step = layout.cellStride(shape);
    for (long n = 0; n < shape.n(); n++) {
      for (long c = 0; c < shape.c(); c++) {
        long at = layout.planeOffset(shape, n, c);
        for (int d = 0; d < shape.d(); d++) {
          for (int h = 0; h < shape.h(); h++) {
            for (int w = 0; w < shape.w(); w++, at += step) {
              long position = (((n * 1021 + c) * 1021 + d) * 1021 + h) * 1021 + w;
              elements.set((int) at, recipe.draw(type, seed, position, subnormals));
            }
          }
        }
      }
    }
    return elements;
  }

  /** Puts plain numbers in place of the special ones that are not wanted. */
  Elements with(Set<Special> wanted) {
    for (Special special : Special.values()) {
      for (int i = 0; !wanted.contains(special) && i < count; i++) {
        if (special.has(number(i), type)) {
          set(i, special.plain());
        }
      }
    }
    return this;
  }

  /** A view of the elements, at their beginning. */
  Buffer buffer() {
    return buffer.duplicate().rewind();
  }

  int count() {
    return count;
  }

  void set(int i, double value) {
    switch (type) {
      case FLOAT32 -> ((FloatBuffer) buffer).put(i, (float) value);
      case FLOAT64 -> ((DoubleBuffer) buffer).put(i, value);
      case FLOAT16 -> ((ShortBuffer) buffer).put(i, Half.fromFloat((float) value));
      case BFLOAT16 -> ((ShortBuffer) buffer).put(i, BFloat16.fromFloat((float) value));
      case UINT8, INT8 -> ((ByteBuffer) buffer).put(i, Bytes.fromDouble(value, type));
      case INT32 -> ((IntBuffer) buffer).put(i, (int) value);
    }
  }

  /** The bits of an element, sign-extended. */
  long bits(int i) {
    return switch (type) {
      case FLOAT32 -> Float.floatToRawIntBits(((FloatBuffer) buffer).get(i));
      case FLOAT64 -> Double.doubleToRawLongBits(((DoubleBuffer) buffer).get(i));
      case FLOAT16, BFLOAT16 -> ((ShortBuffer) buffer).get(i);
      case UINT8, INT8 -> Bytes.toInt(((ByteBuffer) buffer).get(i), type);
      case INT32 -> ((IntBuffer) buffer).get(i);
    };
  }

  /** The element as a number. */
  double number(int i) {
    return switch (type) {
      case FLOAT32 -> ((FloatBuffer) buffer).get(i);
      case FLOAT64 -> ((DoubleBuffer) buffer).get(i);
      case FLOAT16 -> Half.toFloat(((ShortBuffer) buffer).get(i));
      case BFLOAT16 -> BFloat16.toFloat(((ShortBuffer) buffer).get(i));
      case UINT8, INT8 -> bits(i);
      case INT32 -> ((IntBuffer) buffer).get(i);
    };
  }

  /** Whether two elements are the same answer: by bits, or NaN whatever its sign and payload. */
  boolean same(int i, Elements other, boolean subnormals) {
    if (bits(i) == other.bits(i)) {
      return true;
    }
    double a = number(i);
    double b = other.number(i);
    boolean flushed = !subnormals && Recipe.flushable(type) && isTiny(a) && isTiny(b);
    return flushed || Double.isNaN(a) && Double.isNaN(b);
  }

  private static boolean isTiny(double number) {
    return Math.abs(number) < Float.MIN_NORMAL;
  }

  /** Number and bits. */
  String text(int i) {
    if (!type.isFloatingPoint()) {
      return Long.toString(bits(i));
    }
    int digits = 2 * type.bytes();
    String hexadecimal = String.format("%016x", bits(i));
    return number(i) + " (0x" + hexadecimal.substring(16 - digits) + ")";
  }
}
