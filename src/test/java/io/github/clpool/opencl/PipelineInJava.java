package io.github.clpool.opencl;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pooling;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.function.Supplier;

/** The kernels of {@code pipeline.cl} as loops, with the same operations in the same order. */
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
    int from = inputs[0].shape().hasPlanes() ? (int) inputs[0].shape().c() : 1;
    for (int i = 0; i < y.length; i++) {
      y[i] =
          switch (kernel) {
            case "convolution" -> convolution(a, b, from, result.shape(), i, false);
            case "convolution_gradient" -> convolution(a, b, from, result.shape(), i, true);
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

  /** One element of a convolution of 3x3 taps, padded, or of the gradient of its input. */
  private static float convolution(
      float[] x, float[] weights, int from, Shape shape, int at, boolean gradient) {
    int width = shape.w();
    int height = shape.h();
    int to = (int) shape.c();
    int column = at % width;
    int row = at / width % height;
    int c = at / width / height % to;
    int n = at / width / height / to;
    float sum = 0;
    for (int k = 0; k < from; k++) {
      for (int tap = 0; tap < 9; tap++) {
        int h = row + (gradient ? 1 - tap / 3 : tap / 3 - 1);
        int w = column + (gradient ? 1 - tap % 3 : tap % 3 - 1);
        if (h >= 0 && h < height && w >= 0 && w < width) {
          int weight = (gradient ? k * to + c : c * from + k) * 9 + tap;
          sum = sum + weights[weight] * x[((n * from + k) * height + h) * width + w];
        }
      }
    }
    return sum;
  }

  private static float box(float[] corners, int i) {
    int number = i % 5;
    return number == 0 ? i / 5 % 2 : corners[i] + (number < 3 ? 0.75f : 2.75f);
  }
}
