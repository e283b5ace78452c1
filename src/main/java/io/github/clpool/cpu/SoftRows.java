package io.github.clpool.cpu;

import io.github.clpool.exact.ExactMath;
import java.util.Arrays;

/**
 * The average weighted by the exponentials of the cells, of many outputs side by side; see {@link
 * SmoothSoft}. Padding is {@code -inf}. Memory of one thread.
 */
final class SoftRows {
  private final float[] maxima;
  private final float[] distances;
  private final float[] weights;
  private final float[] sums;
  private final float[] moments;
  private final float[] columnSums;
  private final float[] columnMoments;

  SoftRows(int outputs) {
    maxima = new float[outputs];
    distances = new float[outputs];
    weights = new float[outputs];
    sums = new float[outputs];
    moments = new float[outputs];
    columnSums = new float[outputs];
    columnMoments = new float[outputs];
  }

  /** Reduces the windows of {@code count} outputs; returns the outputs. */
  float[] reduce(TapRows taps, int count) {
    Arrays.fill(maxima, 0, count, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < taps.height(); i++) {
      for (int j = 0; j < taps.width(); j++) {
        raise(maxima, taps.at(i, j), count);
      }
    }
    Arrays.fill(sums, 0, count, 0);
    Arrays.fill(moments, 0, count, 0);
    for (int j = 0; j < taps.width(); j++) {
      Arrays.fill(columnSums, 0, count, 0);
      Arrays.fill(columnMoments, 0, count, 0);
      for (int i = 0; i < taps.height(); i++) {
        subtract(taps.at(i, j), maxima, distances, count);
        ExactMath.expsDownFromZero(distances, weights, count);
        add(columnSums, weights, count);
        addProducts(columnMoments, weights, distances, count);
      }
      add(sums, columnSums, count);
      add(moments, columnMoments, count);
    }
    finish(maxima, moments, sums, count);
    return maxima;
  }

  private static void raise(float[] maxima, float[] x, int count) {
    for (int i = 0; i < count; i++) {
      maxima[i] = Math.max(maxima[i], x[i]);
    }
  }

  /** Distances whose exponential is 0 become one of them, so that times that they are 0, too. */
  private static void subtract(float[] x, float[] maxima, float[] distances, int count) {
    for (int i = 0; i < count; i++) {
      distances[i] = Math.max(x[i] - maxima[i], ExactMath.EXP_LOWEST);
    }
  }

  private static void add(float[] sums, float[] terms, int count) {
    for (int i = 0; i < count; i++) {
      sums[i] += terms[i];
    }
  }

  private static void addProducts(float[] sums, float[] a, float[] b, int count) {
    for (int i = 0; i < count; i++) {
      sums[i] += a[i] * b[i];
    }
  }

  /** Maxima that are not finite are the outputs. */
  private static void finish(float[] maxima, float[] moments, float[] sums, int count) {
    for (int i = 0; i < count; i++) {
      float y = maxima[i] + moments[i] / sums[i];
      maxima[i] = Float.isFinite(maxima[i]) ? y : maxima[i];
    }
  }
}
