package io.github.clpool.cpu;

import io.github.clpool.backend.HeapStorage;
import io.github.clpool.exact.Precision;
import io.github.clpool.tensor.BFloat16;
import io.github.clpool.tensor.Bytes;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Half;
import java.util.Arrays;

/**
 * Floats, stored as such, as one of the half types or as 8-bit integers. The loops are those of
 * {@link DoubleNumbers} once more: Java has no type parameter for primitive types, and shared code
 * that copies arrays of a type it does not know, or calls these loops, made {@code rows} some 8 %
 * slower.
 */
final class FloatNumbers extends Numbers<float[]> {
  private final DataType type;

  FloatNumbers(DataType type) {
    this.type = type;
  }

  @Override
  Numbers<float[]> wide() {
    return new FloatNumbers(DataType.FLOAT32);
  }

  @Override
  float[] array(int length) {
    return new float[length];
  }

  @Override
  double get(float[] array, int i) {
    return array[i];
  }

  @Override
  void set(float[] array, int i, double value) {
    array[i] = (float) value;
  }

  @Override
  Precision precision() {
    return Precision.FLOAT;
  }

  @Override
  double round(double value) {
    return (float) value;
  }

  @Override
  void load(HeapStorage source, int from, int step, float[] target, int to, int count) {
    switch (type) {
      case FLOAT16 -> {
        short[] bits = source.bits();
        for (int i = 0; i < count; i++) {
          target[to + i] = Half.toFloat(bits[from + i * step]);
        }
      }
      case BFLOAT16 -> {
        short[] bits = source.bits();
        for (int i = 0; i < count; i++) {
          target[to + i] = BFloat16.toFloat(bits[from + i * step]);
        }
      }
      case UINT8, INT8 -> {
        byte[] bytes = source.bytes();
        int mask = type == DataType.UINT8 ? 0xff : -1;
        for (int i = 0; i < count; i++) {
          target[to + i] = bytes[from + i * step] & mask;
        }
      }
      default -> gather(source.floats(), from, step, target, to, count);
    }
  }

  @Override
  void gather(float[] source, int from, int step, float[] target, int to, int count) {
    if (step == 1) {
      System.arraycopy(source, from, target, to, count);
    } else if (step == 2) { // a constant stride needs no bounds checks in the loop
      for (int i = 0; i < count; i++) {
        target[to + i] = source[from + i * 2];
      }
    } else {
      for (int i = 0; i < count; i++) {
        target[to + i] = source[from + i * step];
      }
    }
  }

  @Override
  void store(float[] source, int from, HeapStorage target, int to, int step, int count) {
    switch (type) {
      case FLOAT16 -> {
        short[] bits = target.bits();
        for (int i = 0; i < count; i++) {
          bits[to + i * step] = Half.fromFloat(source[from + i]);
        }
      }
      case BFLOAT16 -> {
        short[] bits = target.bits();
        for (int i = 0; i < count; i++) {
          bits[to + i * step] = BFloat16.fromFloat(source[from + i]);
        }
      }
      case UINT8, INT8 -> {
        byte[] bytes = target.bytes();
        for (int i = 0; i < count; i++) {
          bytes[to + i * step] = Bytes.fromDouble(source[from + i], type);
        }
      }
      default -> scatter(source, from, target.floats(), to, step, count);
    }
  }

  @Override
  void scatter(float[] source, int from, float[] target, int to, int step, int count) {
    if (step == 1) {
      System.arraycopy(source, from, target, to, count);
    } else if (step == 2) {
      for (int i = 0; i < count; i++) {
        target[to + i * 2] = source[from + i];
      }
    } else {
      for (int i = 0; i < count; i++) {
        target[to + i * step] = source[from + i];
      }
    }
  }

  @Override
  void fill(float[] array, int from, int count, double value) {
    Arrays.fill(array, from, from + count, (float) value);
  }

  @Override
  void copy(float[] source, int from, float[] target, int to, int count) {
    System.arraycopy(source, from, target, to, count);
  }

  @Override
  void divide(float[] array, float[] divisors, int from, int count) {
    int end = from + count;
    for (int i = from; i < end; i++) {
      array[i] = array[i] / divisors[i];
    }
  }

  @Override
  void combine(Fold fold, float[] target, float[] a, float[] b, int from, int count) {
    switch (fold) {
      case SUM -> add(target, a, b, from, from + count);
      case MAX -> max(target, a, b, from, from + count);
      case MIN -> min(target, a, b, from, from + count);
    }
  }

  @Override
  void combine(Fold fold, float[] target, float[] a, float[] b, float[] c, int from, int count) {
    switch (fold) {
      case SUM -> add(target, a, b, c, from, from + count);
      case MAX -> max(target, a, b, c, from, from + count);
      case MIN -> min(target, a, b, c, from, from + count);
    }
  }

  private static void add(float[] target, float[] a, float[] b, float[] c, int from, int end) {
    for (int i = from; i < end; i++) {
      target[i] = a[i] + b[i] + c[i];
    }
  }

  private static void max(float[] target, float[] a, float[] b, float[] c, int from, int end) {
    for (int i = from; i < end; i++) {
      target[i] = Math.max(Math.max(a[i], b[i]), c[i]);
    }
  }

  private static void min(float[] target, float[] a, float[] b, float[] c, int from, int end) {
    for (int i = from; i < end; i++) {
      target[i] = Math.min(Math.min(a[i], b[i]), c[i]);
    }
  }

  private static void add(float[] target, float[] a, float[] b, int from, int end) {
    for (int i = from; i < end; i++) {
      target[i] = a[i] + b[i];
    }
  }

  private static void max(float[] target, float[] a, float[] b, int from, int end) {
    for (int i = from; i < end; i++) {
      target[i] = Math.max(a[i], b[i]);
    }
  }

  private static void min(float[] target, float[] a, float[] b, int from, int end) {
    for (int i = from; i < end; i++) {
      target[i] = Math.min(a[i], b[i]);
    }
  }

  @Override
  double dot(float[] values, int offset, int[] positions, float[] weights, int begin, int end) {
    float sum = -0f;
    for (int i = begin; i < end; i++) {
      sum += weights[i] * values[offset + positions[i]];
    }
    return sum;
  }

  @Override
  void add(float[] target, int at, float[] terms, int count) {
    for (int i = 0; i < count; i++) {
      target[at + i] += terms[i];
    }
  }

  @Override
  void addEach(float[] target, int[] places, float[] terms, int from, int count) {
    for (int i = 0; i < count; i++) {
      target[places[i]] += terms[from + i];
    }
  }

  @Override
  void addScaled(float[] target, int to, double factor, float[] source, int from, int count) {
    float scale = (float) factor;
    for (int i = 0; i < count; i++) {
      target[to + i] += scale * source[from + i];
    }
  }

  @Override
  double plainDot(float[] left, int leftFrom, float[] right, int rightFrom, int count) {
    float sum = -0f;
    for (int i = 0; i < count; i++) {
      sum += left[leftFrom + i] * right[rightFrom + i];
    }
    return sum;
  }

  @Override
  void abs(float[] array, int from, int count) {
    int end = from + count;
    for (int i = from; i < end; i++) {
      array[i] = Math.abs(array[i]);
    }
  }

  @Override
  void raise(float[] array, int exponent, int from, int count) {
    int end = from + count;
    if (exponent == 2) {
      for (int i = from; i < end; i++) {
        array[i] = array[i] * array[i];
      }
    } else {
      for (int i = from; i < end; i++) {
        array[i] = array[i] * array[i] * array[i];
      }
    }
  }

  @Override
  void squareRoots(float[] array, int from, int count) {
    int end = from + count;
    for (int i = from; i < end; i++) {
      array[i] = (float) Math.sqrt(array[i]);
    }
  }

  @Override
  void addZero(float[] array, int from, int count) {
    for (int i = 0; i < count; i++) {
      array[from + i] += 0f;
    }
  }
}
