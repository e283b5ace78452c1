package io.github.clpool.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pooling;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The kernels of {@code pipeline.cl} as loops, which make sure that the order of sums is none. */
final class PipelineInJava extends PipelineSide {
  PipelineInJava() {
    super(Pooling.open(DevicePolicy.JVM_ONLY));
  }

  @Override
  <T extends AutoCloseable> T pool(Supplier<T> call) {
    return keep(call.get());
  }

  @Override
  void start(String kernel, Tensor result, Tensor... inputs) {
    float[] a = inputs[0].toFloats();
    float[] b = inputs.length > 1 ? inputs[1].toFloats() : new float[0];
    float[] y = new float[(int) result.shape().elements()];
    Shape x = inputs[0].shape();
    Shape shape = result.shape();
    for (int i = 0; i < y.length; i++) {
      y[i] =
          switch (kernel) {
            case "columns" -> column(a, shape, i);
            case "cells" -> cell(a, shape, i);
            case "multiply" -> product(a, b, (int) x.c(), shape, i, false);
            case "multiply_flipped" -> product(a, b, (int) x.c(), shape, i, true);
            case "round_gradient" -> (float) Math.rint(a[i] * 4096) / 4096;
            case "relu" -> a[i] > 0 ? a[i] : 0;
            case "relu_gradient" -> a[i] > 0 ? b[i] : 0;
            case "minus" -> a[i] - b[i];
            case "copy" -> a[i];
            case "boxes" -> box(a, i);
            default -> throw new IllegalArgumentException(kernel);
          };
    }
    result.write(FloatBuffer.wrap(y));
  }

  private static float column(float[] x, Shape shape, int at) {
    int plane = at / shape.planeSize();
    int tap = plane % 9;
    int w = at % shape.w() + tap % 3 - 1;
    int h = at / shape.w() % shape.h() + tap / 3 - 1;
    boolean isInside = h >= 0 && h < shape.h() && w >= 0 && w < shape.w();
    return isInside ? x[(plane / 9 * shape.h() + h) * shape.w() + w] : 0;
  }

  private static float cell(float[] columns, Shape shape, int at) {
    int plane = at / shape.planeSize();
    List<Float> terms = new ArrayList<>();
    for (int tap = 0; tap < 9; tap++) {
      int w = at % shape.w() - tap % 3 + 1;
      int h = at / shape.w() % shape.h() - tap / 3 + 1;
      if (h >= 0 && h < shape.h() && w >= 0 && w < shape.w()) {
        terms.add(columns[((plane * 9 + tap) * shape.h() + h) * shape.w() + w]);
      }
    }
    return exactSum(terms);
  }

  private static float product(
      float[] x, float[] weights, int from, Shape shape, int at, boolean flipped) {
    int cells = shape.planeSize();
    int to = (int) shape.c();
    int row = at / cells % to;
    int n = at / cells / to;
    List<Float> terms = new ArrayList<>();
    for (int k = 0; k < from; k++) {
      float weight = weights[flipped ? k * to + row : row * from + k];
      float other = x[(n * from + k) * cells + at % cells];
      assertEquals((double) weight * other, weight * other, "is rounded");
      terms.add(weight * other);
    }
    return exactSum(terms);
  }

  /** In whatever order, fused with the products or not: the terms are multiples of 2^-16. */
  private static float exactSum(List<Float> terms) {
    float sum = 0;
    double greatest = 0; // of all sums of some of the terms
    for (float term : terms) {
      assertEquals(Math.rint(term * 0x1p16), term * 0x1p16, "has smaller bits");
      greatest += Math.abs(term);
      sum += term;
    }
    assertTrue(greatest < 0x1p8, "another order may round");
    return sum;
  }

  private static float box(float[] corners, int i) {
    int number = i % 5;
    return number == 0 ? i / 5 % 2 : corners[i] + (number < 3 ? 0.75f : 2.75f);
  }
}
