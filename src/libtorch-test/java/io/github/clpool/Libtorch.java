package io.github.clpool;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.global.torch;

/** PyTorch's poolings in the JVM, FLOAT32 and batched, with the gradient of the input. */
final class Libtorch {
  static {
    torch.set_num_threads(1);
  }

  /** What PyTorch gives; indices are null for averages. */
  record Result(float[] output, long[] indices, float[] gradInput) {}

  private Libtorch() {}

  static Result max(
      float[] x, long[] shape, long[] k, long[] s, long[] p, long[] d, boolean ceil, float[] g) {
    Tensor input = input(x, shape);
    T_TensorTensor_T result =
        switch (k.length) {
          case 1 -> torch.max_pool1d_with_indices(input, k, s, p, d, ceil);
          case 2 -> torch.max_pool2d_with_indices(input, k, s, p, d, ceil);
          default -> torch.max_pool3d_with_indices(input, k, s, p, d, ceil);
        };
    return result(input, result.get0(), result.get1(), g);
  }

  static Result avg(
      float[] x, long[] shape, long[] k, long[] s, long[] p, boolean ceil, boolean pad, float[] g) {
    Tensor input = input(x, shape);
    LongOptional none = new LongOptional();
    Tensor output =
        switch (k.length) {
          case 1 -> torch.avg_pool1d(input, k, s, p, ceil, pad);
          case 2 -> torch.avg_pool2d(input, k, s, p, ceil, pad, none);
          default -> torch.avg_pool3d(input, k, s, p, ceil, pad, none);
        };
    return result(input, output, null, g);
  }

  /** As averages with divisor 1, which PyTorch has for two axes and more. */
  static Result sum(
      float[] x, long[] shape, long[] k, long[] s, long[] p, boolean ceil, float[] g) {
    if (k.length == 1) {
      long[] plane = {shape[0], shape[1], 1, shape[2]};
      return sum(
          x, plane, new long[] {1, k[0]}, new long[] {1, s[0]}, new long[] {0, p[0]}, ceil, g);
    }
    Tensor input = input(x, shape);
    LongOptional one = new LongOptional(1);
    Tensor output =
        k.length == 2
            ? torch.avg_pool2d(input, k, s, p, ceil, true, one)
            : torch.avg_pool3d(input, k, s, p, ceil, true, one);
    return result(input, output, null, g);
  }

  static Result adaptiveMax(float[] x, long[] shape, long[] size, float[] g) {
    Tensor input = input(x, shape);
    T_TensorTensor_T result =
        switch (size.length) {
          case 1 -> torch.adaptive_max_pool1d(input, size);
          case 2 -> torch.adaptive_max_pool2d(input, size);
          default -> torch.adaptive_max_pool3d(input, size);
        };
    return result(input, result.get0(), result.get1(), g);
  }

  static Result adaptiveAvg(float[] x, long[] shape, long[] size, float[] g) {
    Tensor input = input(x, shape);
    Tensor output =
        switch (size.length) {
          case 1 -> torch.adaptive_avg_pool1d(input, size);
          case 2 -> torch.adaptive_avg_pool2d(input, size);
          default -> torch.adaptive_avg_pool3d(input, size);
        };
    return result(input, output, null, g);
  }

  /** Unpools in 1 to 3 axes; the output has some spatial sizes. */
  static Result maxUnpool(float[] x, long[] indices, long[] shape, long[] size, float[] g) {
    Tensor input = input(x, shape);
    Tensor where = Tensor.create(indices, shape);
    long[] ones = {1, 1, 1};
    Tensor output =
        switch (size.length) {
          case 1 ->
              torch.max_unpool2d(input.unsqueeze(-2), where.unsqueeze(-2), 1, size[0]).squeeze(-2);
          case 2 -> torch.max_unpool2d(input, where, size);
          default -> torch.max_unpool3d(input, where, size, ones, new long[3]);
        };
    return result(input, output, null, g);
  }

  /** Samples are {@code (N, C, 2)} or {@code (N, C, 3)}. */
  static Result fractionalMax(
      float[] x, long[] shape, long[] k, long[] size, float[] samples, float[] g) {
    Tensor input = input(x, shape);
    Tensor random = Tensor.create(samples, shape[0], shape[1], k.length);
    T_TensorTensor_T result = fractionalMax(input, k, size, random);
    return result(input, result.get0(), result.get1(), g);
  }

  /** The indices of the same in FLOAT64. */
  static long[] fractionalIndices(
      double[] x, long[] shape, long[] k, long[] size, double[] samples) {
    Tensor random = Tensor.create(samples, shape[0], shape[1], k.length);
    return longs(fractionalMax(Tensor.create(x, shape), k, size, random).get1());
  }

  private static T_TensorTensor_T fractionalMax(Tensor x, long[] k, long[] size, Tensor samples) {
    return k.length == 2
        ? torch.fractional_max_pool2d(x, k, size, samples)
        : torch.fractional_max_pool3d(x, k, size, samples);
  }

  /** S3Pool's training in two axes: the maximum at stride 1, then some of its rows and columns. */
  static Result sampledMax(
      float[] x, long[] shape, long[] k, long[] rows, long[] columns, float[] g) {
    Tensor input = input(x, shape);
    Tensor selected =
        torch.index_select(smoothed(input, k), 2, Tensor.create(rows, (long) rows.length));
    Tensor output = torch.index_select(selected, 3, Tensor.create(columns, (long) columns.length));
    return result(input, output, null, g);
  }

  /** S3Pool's inference in two axes. */
  static Result averagedMax(float[] x, long[] shape, long[] k, float[] g) {
    Tensor input = input(x, shape);
    long[] padding = {k[0] / 2, k[1] / 2};
    Tensor output =
        torch.avg_pool2d(smoothed(input, k), k, k, padding, false, false, new LongOptional());
    return result(input, output, null, g);
  }

  private static Tensor smoothed(Tensor input, long... k) {
    long[] ones = {1, 1};
    return torch.max_pool2d(input, k, ones, new long[2], ones, false);
  }

  private static Tensor input(float[] x, long[] shape) {
    return Tensor.create(x, shape).set_requires_grad(true);
  }

  private static Result result(Tensor input, Tensor output, Tensor indices, float[] g) {
    Tensor gradient = Tensor.create(g, output.shape());
    output.backward(gradient, new BoolOptional(), false, new TensorArrayRefOptional());
    long[] selected = indices == null ? null : longs(indices);
    return new Result(floats(output, g.length), selected, floats(input.grad(), -1));
  }

  private static long[] longs(Tensor tensor) {
    long[] longs = new long[(int) tensor.numel()];
    new LongPointer(tensor.contiguous().data_ptr()).get(longs);
    return longs;
  }

  private static float[] floats(Tensor tensor, int length) {
    float[] floats = new float[length < 0 ? (int) tensor.numel() : length];
    new FloatPointer(tensor.contiguous().data_ptr()).get(floats);
    return floats;
  }
}
