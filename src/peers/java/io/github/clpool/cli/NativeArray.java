package io.github.clpool.cli;

import io.github.clpool.tensor.BFloat16;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Half;
import io.github.clpool.tensor.Tensor;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.SplittableRandom;

/**
 * Elements where every library can read and write them.
 *
 * @param type their type
 * @param bytes their memory, in native order
 */
record NativeArray(DataType type, ByteBuffer bytes) {
  private static final int LINE = 64; // of a cache; unaligned, vectors would cross two of them

  /** Memory of the JVM that no other library owns, aligned to a cache line. */
  static ByteBuffer allocate(long bytes) {
    int whole = Math.toIntExact((bytes + LINE - 1) / LINE * LINE);
    ByteBuffer aligned = ByteBuffer.allocateDirect(whole + LINE).alignedSlice(LINE);
    return aligned.limit((int) bytes).slice().order(ByteOrder.nativeOrder());
  }

  static NativeArray room(DataType type, long count) {
    return new NativeArray(type, allocate(count * type.bytes()));
  }

  static NativeArray of(Tensor tensor) {
    NativeArray array = room(tensor.type(), tensor.shape().elements());
    tensor.read(array.elements());
    return array;
  }

  /** Numbers between -1 and 1, rounded to the type. */
  static NativeArray draw(DataType type, long count, long seed) {
    NativeArray array = room(type, count);
    SplittableRandom random = new SplittableRandom(seed);
    Buffer elements = array.elements();
    while (elements.hasRemaining()) {
      float number = random.nextInt() * 0x1p-31f;
      if (elements instanceof FloatBuffer floats) {
        floats.put(number);
      } else {
        boolean half = type == DataType.FLOAT16;
        ((ShortBuffer) elements).put(half ? Half.fromFloat(number) : BFloat16.fromFloat(number));
      }
    }
    return array;
  }

  /** A view of all elements. */
  Buffer elements() {
    return switch (type) {
      case FLOAT32 -> bytes.asFloatBuffer();
      case FLOAT16, BFLOAT16 -> bytes.asShortBuffer();
      case FLOAT64 -> bytes.asDoubleBuffer();
      case UINT8, INT8 -> bytes.duplicate();
      case INT32 -> bytes.asIntBuffer();
    };
  }

  /** The elements, which are FLOAT32 or of a half type, widened. */
  float[] floats() {
    float[] floats = new float[bytes.limit() / type.bytes()];
    if (elements() instanceof FloatBuffer same) {
      same.get(floats);
    } else {
      ShortBuffer bits = bytes.asShortBuffer();
      for (int i = 0; i < floats.length; i++) {
        short each = bits.get(i);
        floats[i] = type == DataType.FLOAT16 ? Half.toFloat(each) : BFloat16.toFloat(each);
      }
    }
    return floats;
  }
}
