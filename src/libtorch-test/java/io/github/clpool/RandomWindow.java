package io.github.clpool;

import io.github.clpool.exact.Philox;
import io.github.clpool.op.RandomKey;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.Shape;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.LPPool2dOptions;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** A window over an input, and PyTorch's operators over it. */
record RandomWindow(long[] shape, long[] k, long[] s, long[] p) {
  static RandomWindow draw(SplittableRandom random) {
    long[] shape = {random.nextInt(1, 4), random.nextInt(1, 5), 0, 0};
    long[][] window = new long[3][2];
    for (int i = 0; i < 2; i++) {
      window[0][i] = random.nextInt(1, 5);
      window[1][i] = random.nextInt(1, 4);
      window[2][i] = random.nextInt((int) window[0][i] / 2 + 1);
      shape[2 + i] = window[0][i] + random.nextInt(9);
    }
    return new RandomWindow(shape, window[0], window[1], window[2]);
  }

  Shape input() {
    return Shape.of(shape[0], shape[1], (int) shape[2], (int) shape[3]);
  }

  long channels() {
    return shape[1];
  }

  /** The cells of a window. */
  long taps() {
    return k[0] * k[1];
  }

  /** Weights of the window's shape, one set or one for each channel. */
  Shape filters(boolean perChannel) {
    return perChannel ? Shape.array(channels(), k[0], k[1]) : Shape.array(k[0], k[1]);
  }

  /** A call of a reduction over this window, and what it is in PyTorch. */
  LibtorchFormula formula(String reduction, Function<Map<Role, Tensor>, Tensor> formula) {
    String window =
        " window=%dx%d stride=%dx%d padding=%dx%d".formatted(k[0], k[1], s[0], s[1], p[0], p[1]);
    return new LibtorchFormula(reduction + window, Map.of(Role.INPUT, input()), formula);
  }

  /** Without padding, which PyTorch's p-norms do not have. */
  RandomWindow unpadded() {
    return new RandomWindow(shape, k, s, new long[2]);
  }

  Tensor avg(Tensor x, boolean countsPadding) {
    return torch.avg_pool2d(x, k, s, p, false, countsPadding, new LongOptional());
  }

  Tensor sum(Tensor x) {
    return torch.avg_pool2d(x, k, s, p, false, true, new LongOptional(1));
  }

  /** The average of cells weighed by others. */
  Tensor weighed(Tensor x, Tensor weights) {
    return sum(x.mul(weights)).div(sum(weights));
  }

  Tensor norm(Tensor x, double p) {
    LPPool2dOptions options = new LPPool2dOptions(p, new LongPointer(k));
    options.stride().put(s);
    return torch.lp_pool2d(x, options);
  }

  Tensor max(Tensor x) {
    return torch.max_pool2d(x, k, s, p, new long[] {1, 1}, false);
  }

  /** The cells of each window, taps along axis 2, windows along axis 3; 0 in the padding. */
  Tensor unfolded(Tensor x) {
    Tensor columns = torch.im2col(x, k, new long[] {1, 1}, p, s);
    return columns.view(shape[0], shape[1], taps(), columns.size(2));
  }

  /** The same with another number in the padding. */
  Tensor unfolded(Tensor x, double padding) {
    Tensor inside = unfolded(torch.ones_like(x));
    return unfolded(x).masked_fill(inside.eq(new Scalar(0)), new Scalar(padding));
  }

  /** The uniform numbers of the windows, as many for each plane. */
  Tensor draws(long windows) {
    RandomKey key = LibtorchFormula.KEY;
    double[] numbers = new double[(int) (shape[0] * shape[1] * windows)];
    Arrays.setAll(numbers, new Philox(key.seed(), key.call(), Philox.Stream.OUTPUTS)::uniform);
    return Tensor.create(numbers, shape[0], shape[1], 1, windows);
  }

  /** Outputs by rows and columns. */
  Tensor folded(Tensor outputs) {
    return outputs.view(shape[0], shape[1], (shape[2] + 2 * p[0] - k[0]) / s[0] + 1, -1);
  }

  Tensor convolved(Tensor x, Tensor w, boolean perChannel) {
    long c = shape[1];
    Tensor filters = w.view(perChannel ? c : 1, 1, k[0], k[1]).expand(c, 1, k[0], k[1]);
    return torch.conv2d(x, filters, new TensorOptional(), s, p, new long[] {1, 1}, c);
  }

  /** So much of the maxima, and the rest of the averages. */
  Tensor mixed(Tensor x, Tensor share) {
    Tensor avg = avg(x, false);
    return avg.add(share.mul(max(x).sub(avg)));
  }
}
