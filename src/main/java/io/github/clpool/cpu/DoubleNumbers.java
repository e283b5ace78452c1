package io.github.clpool.cpu;

import io.github.clpool.backend.HeapStorage;

/** Doubles. */
final class DoubleNumbers extends Numbers<double[]> {
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
  double round(double value) {
    return value;
  }

  @Override
  void load(HeapStorage source, int from, int step, double[] target, int to, int count) {
    gather(source.doubles(), from, step, target, to, count);
  }

  private static void gather(
      double[] source, int from, int step, double[] target, int to, int count) {
    if (step == 1) {
      System.arraycopy(source, from, target, to, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      target[to + i] = source[from + i * step];
    }
  }

  @Override
  void store(double[] source, int from, HeapStorage target, int to, int step, int count) {
    double[] doubles = target.doubles();
    if (step == 1) {
      System.arraycopy(source, from, doubles, to, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      doubles[to + i * step] = source[from + i];
    }
  }

  @Override
  void combine(Fold fold, double[] target, int to, double[] source, int from, int count) {
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
  void addZero(double[] array, int from, int count) {
    for (int i = 0; i < count; i++) {
      array[from + i] += 0.0;
    }
  }
}
