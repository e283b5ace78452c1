package io.github.clpool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.clpool.exact.Philox;
import io.github.clpool.op.Inputs;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Operators;
import io.github.clpool.op.RandomKey;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.Shape;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.LPPool2dOptions;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Operators that PyTorch lacks against their formulas in PyTorch, in FLOAT64: outputs, and the
 * gradients of all inputs by autograd.
 */
class ComposedLibtorchTest {
  private static final long SEED = 11;
  private static final int CASES = 20;
  private static final double ERROR = 1e-12;
  private static final RandomKey KEY = new RandomKey(SEED, 3);

  /** A random window over a random input. */
  private record Setting(long[] shape, long[] k, long[] s, long[] p) {
    static Setting draw(SplittableRandom random) {
      long[] shape = {random.nextInt(1, 4), random.nextInt(1, 5), 0, 0};
      long[][] window = new long[3][2];
      for (int i = 0; i < 2; i++) {
        window[0][i] = random.nextInt(1, 5);
        window[1][i] = random.nextInt(1, 4);
        window[2][i] = random.nextInt((int) window[0][i] / 2 + 1);
        shape[2 + i] = window[0][i] + random.nextInt(9);
      }
      return new Setting(shape, window[0], window[1], window[2]);
    }

    Shape input() {
      return Shape.of(shape[0], shape[1], (int) shape[2], (int) shape[3]);
    }

    String window() {
      return " window=%dx%d stride=%dx%d padding=%dx%d"
          .formatted(k[0], k[1], s[0], s[1], p[0], p[1]);
    }

    /** Without padding, which PyTorch's p-norms do not have. */
    Setting unpadded() {
      return new Setting(shape, k, s, new long[2]);
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
      return columns.view(shape[0], shape[1], k[0] * k[1], columns.size(2));
    }

    /** The uniform numbers of the windows, as many for each plane. */
    Tensor draws(long windows) {
      double[] numbers = new double[(int) (shape[0] * shape[1] * windows)];
      Arrays.setAll(numbers, KEY.numbers(Philox.Stream.OUTPUTS)::uniform);
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
  }

  @ParameterizedTest
  @ValueSource(strings = {"reference", "jvm"})
  void importance(String device) {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < CASES; i++) {
      Setting each = Setting.draw(random);
      check(
          device,
          "importance" + each.window(),
          each,
          random,
          Map.of(Role.LOGITS, each.input()),
          in -> {
            return each.weighed(in.get(Role.INPUT), in.get(Role.LOGITS).exp());
          });
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"reference", "jvm"})
  void soft(String device) {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < CASES; i++) {
      Setting each = Setting.draw(random);
      check(
          device,
          "soft" + each.window(),
          each,
          random,
          Map.of(),
          in -> each.weighed(in.get(Role.INPUT), in.get(Role.INPUT).exp()));
    }
  }

  /** The paper's gradient takes the weights for constants. */
  @ParameterizedTest
  @ValueSource(strings = {"reference", "jvm"})
  void softWithConstantWeights(String device) {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < CASES; i++) {
      Setting each = Setting.draw(random);
      check(
          device,
          "soft paperGradient" + each.window(),
          each,
          random,
          Map.of(),
          in -> each.weighed(in.get(Role.INPUT), in.get(Role.INPUT).exp().detach()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"reference", "jvm"})
  void norms(String device) {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < 2 * CASES; i++) {
      Setting each = Setting.draw(random);
      double p = new double[] {1, 2, 3, 0.5, 1.5, 4}[i % 6];
      boolean mean = random.nextBoolean();
      check(
          device,
          "lp p=" + p + (mean ? " mean" : "") + each.window(),
          each,
          random,
          Map.of(),
          in -> {
            Tensor powers = in.get(Role.INPUT).abs().pow(new Scalar(p));
            Tensor sums = mean ? each.avg(powers, false) : each.sum(powers);
            return sums.pow(new Scalar(1 / p));
          });
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"reference", "jvm"})
  void infiniteNorm(String device) {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < CASES; i++) {
      Setting each = Setting.draw(random);
      check(
          device,
          "lp p=inf" + each.window(),
          each,
          random,
          Map.of(),
          in -> each.max(in.get(Role.INPUT).abs()));
    }
  }

  /** PyTorch's own norms take no magnitudes: a root of a negative sum is not a number. */
  @ParameterizedTest
  @ValueSource(strings = {"reference", "jvm"})
  void signedNorms(String device) {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < 2 * CASES; i++) {
      Setting each = Setting.draw(random).unpadded();
      double p = new double[] {1, 2, 3, 1.5}[i % 4];
      check(
          device,
          "lp signed p=" + p + each.window(),
          each,
          random,
          Map.of(),
          p > 2 || p == 1.5 ? Map.of(Role.INPUT, new double[] {0.1, 2}) : Map.of(),
          in -> each.norm(in.get(Role.INPUT), p));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"reference", "jvm"})
  void gem(String device) {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < CASES; i++) {
      Setting each = Setting.draw(random);
      long exponents = random.nextBoolean() ? 1 : each.shape[1];
      check(
          device,
          "gem eps=0.3" + each.window(),
          each,
          random,
          Map.of(Role.WEIGHTS, Shape.array(exponents)),
          Map.of(Role.WEIGHTS, new double[] {0.5, 5}),
          in -> {
            Tensor p = in.get(Role.WEIGHTS).view(1, exponents, 1, 1);
            Tensor powers = in.get(Role.INPUT).clamp_min(new Scalar(0.3)).pow(p);
            return each.avg(powers, false).pow(p.reciprocal());
          });
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"reference", "jvm"})
  void mixWithFixedShares(String device) {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < CASES; i++) {
      Setting each = Setting.draw(random);
      boolean counts = random.nextBoolean();
      check(
          device,
          "mix a=0.3 b=-1.7" + (counts ? " countIncludePad" : "") + each.window(),
          each,
          random,
          Map.of(),
          in -> {
            Tensor x = in.get(Role.INPUT);
            return each.max(x).mul(new Scalar(0.3)).add(each.avg(x, counts).mul(new Scalar(-1.7)));
          });
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"reference", "jvm"})
  void mixCat(String device) {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < CASES; i++) {
      Setting each = Setting.draw(random);
      boolean maxFirst = random.nextBoolean();
      check(
          device,
          "mix cat=" + (maxFirst ? "max-avg" : "avg-max") + each.window(),
          each,
          random,
          Map.of(),
          in -> {
            Tensor max = each.max(in.get(Role.INPUT));
            Tensor avg = each.avg(in.get(Role.INPUT), false);
            return torch.cat(maxFirst ? new TensorVector(max, avg) : new TensorVector(avg, max), 1);
          });
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"reference", "jvm"})
  void mixAlpha(String device) {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < CASES; i++) {
      Setting each = Setting.draw(random);
      long alphas = random.nextBoolean() ? 1 : each.shape[1];
      check(
          device,
          "mix alpha" + each.window(),
          each,
          random,
          Map.of(Role.WEIGHTS, Shape.array(alphas)),
          in -> mixed(each, in.get(Role.INPUT), in.get(Role.WEIGHTS).view(1, alphas, 1, 1)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"reference", "jvm"})
  void mixGated(String device) {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < CASES; i++) {
      Setting each = Setting.draw(random);
      boolean perChannel = random.nextBoolean();
      Shape weights =
          perChannel
              ? Shape.array(each.shape[1], each.k[0], each.k[1])
              : Shape.array(each.k[0], each.k[1]);
      check(
          device,
          "mix gated" + each.window(),
          each,
          random,
          Map.of(Role.WEIGHTS, weights),
          in -> {
            Tensor x = in.get(Role.INPUT);
            Tensor t = each.convolved(x, in.get(Role.WEIGHTS), perChannel).sigmoid();
            return mixed(each, x, t);
          });
    }
  }

  /** The draws are given, as PyTorch's generator is another. */
  @ParameterizedTest
  @ValueSource(strings = {"reference", "jvm"})
  void stochastic(String device) {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < CASES; i++) {
      Setting each = Setting.draw(random);
      check(
          device,
          "stochastic" + each.window(),
          each,
          random,
          Map.of(),
          in -> {
            Tensor cells = each.unfolded(in.get(Role.INPUT));
            Tensor sums = cells.relu().cumsum(2);
            Tensor total = sums.select(2, -1).unsqueeze(2);
            Tensor below = sums.le(each.draws(total.size(3)).mul(total));
            Tensor drawn =
                below.sum(2).unsqueeze(2).clamp_max(new Scalar(each.k[0] * each.k[1] - 1));
            Tensor y = cells.gather(2, drawn).mul(total.gt(new Scalar(0)));
            return each.folded(y.squeeze(2));
          });
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"reference", "jvm"})
  void stochasticExpected(String device) {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < CASES; i++) {
      Setting each = Setting.draw(random);
      check(
          device,
          "stochastic expected" + each.window(),
          each,
          random,
          Map.of(),
          in -> {
            Tensor weights = each.unfolded(in.get(Role.INPUT)).relu();
            Tensor sums = weights.sum(2);
            Tensor squares = weights.mul(weights).sum(2);
            return each.folded(squares.div(sums.add(sums.eq(new Scalar(0)))));
          });
    }
  }

  private static Tensor mixed(Setting each, Tensor x, Tensor share) {
    Tensor avg = each.avg(x, false);
    return avg.add(share.mul(each.max(x).sub(avg)));
  }

  private static void check(
      String device,
      String text,
      Setting each,
      SplittableRandom random,
      Map<Role, Shape> parameters,
      Function<Map<Role, Tensor>, Tensor> formula) {
    check(device, text, each, random, parameters, Map.of(), formula);
  }

  /** Numbers are drawn from -2 to 2, or from the range of their role. */
  private static void check(
      String device,
      String text,
      Setting each,
      SplittableRandom random,
      Map<Role, Shape> parameters,
      Map<Role, double[]> ranges,
      Function<Map<Role, Tensor>, Tensor> formula) {
    Operator operator = Operators.parse(text);
    Map<Role, Shape> shapes = new EnumMap<>(Role.class);
    shapes.put(Role.INPUT, each.input());
    shapes.putAll(parameters);
    Map<Role, double[]> numbers = new EnumMap<>(Role.class);
    Map<Role, Tensor> theirs = new EnumMap<>(Role.class);
    shapes.forEach(
        (role, shape) -> {
          double[] range = ranges.getOrDefault(role, new double[] {-2, 2});
          double[] drawn = random.doubles(shape.elements(), range[0], range[1]).toArray();
          numbers.put(role, drawn);
          theirs.put(role, Tensor.create(drawn, shape.sizes()).set_requires_grad(true));
        });
    Tensor output = formula.apply(theirs);
    double[] g = random.doubles(output.numel(), -2, 2).toArray();
    output.backward(
        Tensor.create(g, output.shape()), new BoolOptional(), false, new TensorArrayRefOptional());
    try (Pooling pooling = TestDevices.open(device)) {
      Inputs inputs = null;
      for (Map.Entry<Role, Shape> entry : shapes.entrySet()) {
        io.github.clpool.tensor.Tensor tensor =
            pooling.tensor(entry.getValue(), numbers.get(entry.getKey()));
        inputs = inputs == null ? Inputs.of(tensor).key(KEY) : inputs.with(entry.getKey(), tensor);
      }
      try (Pass pass = pooling.forward(operator, inputs);
          io.github.clpool.tensor.Tensor gradOutput = pooling.tensor(pass.output().shape(), g);
          Gradients gradients = pass.gradients(gradOutput)) {
        String message = text + " on " + each.input() + ", seed " + SEED;
        assertClose(output, pass.output().toDoubles(), message);
        for (Role role : operator.gradients()) {
          Role of = Role.valueOf(role.name().replace("GRAD_", ""));
          assertClose(
              theirs.get(of).grad(), gradients.get(role).toDoubles(), role + " of " + message);
        }
      }
      inputs.tensors().values().forEach(io.github.clpool.tensor.Tensor::close);
    }
  }

  private static void assertClose(Tensor theirs, double[] ours, String message) {
    double[] expected = new double[(int) theirs.numel()];
    new DoublePointer(theirs.contiguous().data_ptr()).get(expected);
    assertEquals(expected.length, ours.length, message);
    double scale = 1 + Arrays.stream(expected).map(Math::abs).max().orElse(0);
    for (int i = 0; i < ours.length; i++) {
      assertEquals(expected[i], ours[i], ERROR * scale, message + " at " + i);
    }
  }
}
