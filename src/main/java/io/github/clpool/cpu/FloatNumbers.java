package io.github.clpool.cpu;

import io.github.clpool.backend.HeapStorage;
import io.github.clpool.tensor.BFloat16;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Half;

/** Floats, stored as such or as one of the half types. */
final class FloatNumbers extends Numbers<float[]> {
  private final DataType type;

  FloatNumbers(DataType type) {
    this.type = type;
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
      default -> gather(source.floats(), from, step, target, to, count);
    }
  }

  private static void gather(
      float[] source, int from, int step, float[] target, int to, int count) {
    if (step == 1) {
      System.arraycopy(source, from, target, to, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      target[to + i] = source[from + i * step];
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
      default -> scatter(source, from, target.floats(), to, step, count);
    }
  }

  private static void scatter(
      float[] source, int from, float[] target, int to, int step, int count) {
    if (step == 1) {
      System.arraycopy(source, from, target, to, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      target[to + i * step] = source[from + i];
    }
  }

  @Override
  void combine(Fold fold, float[] target, int to, float[] source, int from, int count) {
    switch (fold) {
      case SUM -> {
        for (int i = 0; i < count; i++) {
          target[to + i] = target[to + i] + source[from + i];
        }
      }
      case MAX -> {
        for (int i = 0; i < count; i++) {
          target[to + i] = Math.max(target[to + i], source[from + i]);
        }
      }
      case MIN -> {
        for (int i = 0; i < count; i++) {
          target[to + i] = Math.min(target[to + i], source[from + i]);
        }
      }
    }
  }

  @Override
  void addZero(float[] array, int from, int count) {
    for (int i = 0; i < count; i++) {
      array[from + i] += 0f;
    }
  }
}
