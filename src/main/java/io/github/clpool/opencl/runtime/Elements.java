package io.github.clpool.opencl.runtime;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;

/** Copies elements between a buffer of their type and raw bytes, without moving positions. */
public final class Elements {
  private Elements() {}

  public static int bytes(Buffer buffer) {
    if (buffer instanceof ByteBuffer) {
      return Byte.BYTES;
    } else if (buffer instanceof ShortBuffer) {
      return Short.BYTES;
    }
    return buffer instanceof DoubleBuffer || buffer instanceof LongBuffer
        ? Long.BYTES
        : Float.BYTES;
  }

  /** Fills the target from the element {@code first} behind the source's position on. */
  static void copy(Buffer source, int first, ByteBuffer target) {
    int from = source.position() + first;
    int count = target.remaining() / bytes(source);
    if (source instanceof FloatBuffer floats) {
      target.asFloatBuffer().put(0, floats, from, count);
    } else if (source instanceof DoubleBuffer doubles) {
      target.asDoubleBuffer().put(0, doubles, from, count);
    } else if (source instanceof IntBuffer ints) {
      target.asIntBuffer().put(0, ints, from, count);
    } else if (source instanceof LongBuffer longs) {
      target.asLongBuffer().put(0, longs, from, count);
    } else if (source instanceof ByteBuffer bytes) {
      target.put(target.position(), bytes, from, count);
    } else {
      target.asShortBuffer().put(0, (ShortBuffer) source, from, count);
    }
  }

  /** Copies all of the source behind the target's position plus {@code first}. */
  static void copy(ByteBuffer source, Buffer target, int first) {
    int to = target.position() + first;
    int count = source.remaining() / bytes(target);
    if (target instanceof FloatBuffer floats) {
      floats.put(to, source.asFloatBuffer(), 0, count);
    } else if (target instanceof DoubleBuffer doubles) {
      doubles.put(to, source.asDoubleBuffer(), 0, count);
    } else if (target instanceof IntBuffer ints) {
      ints.put(to, source.asIntBuffer(), 0, count);
    } else if (target instanceof LongBuffer longs) {
      longs.put(to, source.asLongBuffer(), 0, count);
    } else if (target instanceof ByteBuffer bytes) {
      bytes.put(to, source, source.position(), count);
    } else {
      ((ShortBuffer) target).put(to, source.asShortBuffer(), 0, count);
    }
  }
}
