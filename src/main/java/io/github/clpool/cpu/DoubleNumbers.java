package io.github.clpool.cpu;

import io.github.clpool.backend.HeapStorage;
import io.github.clpool.exact.Precision;
import io.github.clpool.tensor.Bytes;
import io.github.clpool.tensor.DataType;
import java.util.Arrays;

/**
 * Doubles, stored as such or as 8-bit integers, with the loops of {@link FloatNumbers}, which tells
 * why they are there twice.
 */
final class DoubleNumbers extends Numbers<double[]> {
  private final DataType type;

  DoubleNumbers(DataType type) {
    this.type = type;
  }

  @Override
  Numbers<double[]> wide() {
    return this;
  }

  @Override
  double[] array(int length) {
    return new double[length];
  }

  @Override
  double get(double[] array, int i) {
    return array[i];
  }

  @Override
  void set(double[] array, int i, double value) {
    array[i] = value;
  }

  @Override
  Precision precision() {
    return Precision.DOUBLE;
  }

  @Override
  double round(double value) {
    return value;
  }

  @Override
  void load(HeapStorage source, int from, int step, double[] target, int to, int count) {
    if (type == DataType.FLOAT64) {
      gather(source.doubles(), from, step, target, to, count);
      return;
    }
    byte[] bytes = source.bytes();
    for (int i = 0; i < count; i++) {
      target[to + i] = Bytes.toInt(bytes[from + i * step], type);
    }
  }

  @Override
  void gather(double[] source, int from, int step, double[] target, int to, int count) {
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
  void store(double[] source, int from, HeapStorage target, int to, int step, int count) {
    if (type == DataType.FLOAT64) {
      scatter(source, from, target.doubles(), to, step, count);
      return;
    }
    byte[] bytes = target.bytes();
    for (int i = 0; i < count; i++) {
      bytes[to + i * step] = Bytes.fromDouble(source[from + i], type);
    }
  }

  @Override
  void scatter(double[] source, int from, double[] target, int to, int step, int count) {
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
  void fill(double[] array, int from, int count, double value) {
    Arrays.fill(array, from, from + count, value);
  }

  @Override
  void copy(double[] source, int from, double[] target, int to, int count) {
    System.arraycopy(source, from, target, to, count);
  }

  @Override
  void divide(double[] array, double[] divisors, int from, int count) {
    int end = from + count;
    for (int i = from; i < end; i++) {
      array[i] = array[i] / divisors[i];
    }
  }

  @Override
  void combine(Fold fold, double[] target, double[] a, double[] b, int from, int count) {
    switch (fold) {
      case SUM -> add(target, a, b, from, from + count);
      case MAX -> max(target, a, b, from, from + count);
      case MIN -> min(target, a, b, from, from + count);
    }
  }

  @Override
  void combine(
      Fold fold, double[] target, double[] a, double[] b, double[] c, int from, int count) {
    switch (fold) {
      case SUM -> add(target, a, b, c, from, from + count);
      case MAX -> max(target, a, b, c, from, from + count);
      case MIN -> min(target, a, b, c, from, from + count);
    }
  }

  private static void add(double[] target, double[] a, double[] b, double[] c, int from, int end) {
    for (int i = from; i < end; i++) {
      target[i] = a[i] + b[i] + c[i];
    }
  }

  private static void max(double[] target, double[] a, double[] b, double[] c, int from, int end) {
    for (int i = from; i < end; i++) {
      target[i] = Math.max(Math.max(a[i], b[i]), c[i]);
    }
  }

  private static void min(double[] target, double[] a, double[] b, double[] c, int from, int end) {
    for (int i = from; i < end; i++) {
      target[i] = Math.min(Math.min(a[i], b[i]), c[i]);
    }
  }

  private static void add(double[] target, double[] a, double[] b, int from, int end) {
    for (int i = from; i < end; i++) {
      target[i] = a[i] + b[i];
    }
  }

  private static void max(double[] target, double[] a, double[] b, int from, int end) {
    for (int i = from; i < end; i++) {
      target[i] = Math.max(a[i], b[i]);
    }
  }

  private static void min(double[] target, double[] a, double[] b, int from, int end) {
    for (int i = from; i < end; i++) {
      target[i] = Math.min(a[i], b[i]);
    }
  }

  @Override
  double dot(double[] values, int offset, int[] positions, double[] weights, int begin, int end) {
    double sum = -0.0;
    for (int i = begin; i < end; i++) {
      sum += weights[i] * values[offset + positions[i]];
    }
    return sum;
  }

  @Override
  void add(double[] target, int at, double[] terms, int count) {
    for (int i = 0; i < count; i++) {
      target[at + i] += terms[i];
    }
  }

  @Override
  void addEach(double[] target, int[] places, double[] terms, int from, int count) {
    for (int i = 0; i < count; i++) {
      target[places[i]] += terms[from + i];
    }
  }

  @Override
  void addScaled(double[] target, int to, double factor, double[] source, int from, int count) {
    double scale = factor;
    for (int i = 0; i < count; i++) {
      target[to + i] += scale * source[from + i];
    }
  }

  @Override
  double plainDot(double[] left, int leftFrom, double[] right, int rightFrom, int count) {
    double sum = -0.0;
    for (int i = 0; i < count; i++) {
      sum += left[leftFrom + i] * right[rightFrom + i];
    }
    return sum;
  }

  @Override
  void abs(double[] array, int from, int count) {
    int end = from + count;
    for (int i = from; i < end; i++) {
      array[i] = Math.abs(array[i]);
    }
  }

  @Override
  void raise(double[] array, int exponent, int from, int count) {
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
  void squareRoots(double[] array, int from, int count) {
    int end = from + count;
    for (int i = from; i < end; i++) {
      array[i] = Math.sqrt(array[i]);
    }
  }

  @Override
  void addZero(double[] array, int from, int count) {
    for (int i = 0; i < count; i++) {
      array[from + i] += 0.0;
    }
  }
}
