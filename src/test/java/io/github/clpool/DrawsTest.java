package io.github.clpool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.backend.Preference;
import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Inputs;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Operators;
import io.github.clpool.op.Problem;
import io.github.clpool.op.RandomKey;
import io.github.clpool.op.Role;
import io.github.clpool.parity.Case;
import io.github.clpool.parity.Recipe;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a draw depends on: seed, call, and the logical index of what is drawn; nothing else. */
class DrawsTest extends OnEveryDevice {
  private static final RandomKey KEY = new RandomKey(-5, 1L << 40);

  DrawsTest(String device) {
    super(device);
  }

  /** Output, what was selected or chosen, and gradient, each in logical order. */
  private record Drawn(double[] output, double[] selected, double[] gradient) {
    /** Of the batch positions from one on, out of so many; without the gradient. */
    Drawn from(int n, int count) {
      return new Drawn(from(n, count, output), from(n, count, selected), null);
    }

    private static double[] from(int n, int count, double... all) {
      return Arrays.copyOfRange(all, n * (all.length / count), all.length);
    }

    Drawn first(Drawn like) {
      return new Drawn(
          Arrays.copyOf(output, like.output.length),
          Arrays.copyOf(selected, like.selected.length),
          Arrays.copyOf(gradient, like.gradient.length));
    }
  }

  /** Few integers, whose sums are exact in every type. */
  private static double[] integers(long seed, Shape shape) {
    SplittableRandom random = new SplittableRandom(seed);
    return random.ints(shape.elements(), -2, 9).asDoubleStream().toArray();
  }

  private static Drawn draw(
      Pooling on,
      RandomKey key,
      Operator operator,
      Shape shape,
      Layout layout,
      DataType type,
      double... x) {
    Shape out = operator.outputShape(shape);
    try (Tensor input = tensor(on, shape, layout, type, x);
        Pass pass = on.forward(operator, Inputs.of(input).key(key));
        Tensor g = tensor(on, out, layout, type, integers(9, out));
        Tensor dx = pass.backward(g)) {
      return new Drawn(logical(pass.output()), selected(pass), logical(dx));
    }
  }

  private static double[] selected(Pass pass) {
    if (pass.operator().hasIndices()) {
      return logical(pass.indices());
    }
    boolean chooses = pass.operator().results().contains(Role.CHOICE);
    int[] choice = chooses ? pass.result(Role.CHOICE).toInts() : new int[0];
    return Arrays.stream(choice).asDoubleStream().toArray();
  }

  private static void assertSame(Drawn expected, Drawn found, String what) {
    assertArrayEquals(expected.selected, found.selected, what + " selected");
    assertArrayEquals(expected.output, found.output, what + " output");
    assertArrayEquals(expected.gradient, found.gradient, what + " gradient");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "stochastic window=4 stride=3 on 3x5x40",
        "stochastic window=2 on 3x5x8x12",
        "stochastic window=3 stride=2 padding=1 on 3x5x8x12",
        "stochastic window=2x3x2 on 2x3x4x7x6",
        "stochastic adaptive=5 on 3x5x8x12",
        "stochastic fractional=2 outputRatio=0.6 on 3x5x8x12",
        "max fractional=2 outputRatio=0.6 on 3x5x40",
        "max fractional=2 outputRatio=0.6 on 3x5x8x12",
        "avg fractional=3x2 outputRatio=0.6 on 3x5x9x12",
        "min fractional=2 outputSize=3 on 2x3x5x6x7",
        "max sampled=3 grid=6 on 2x3x36",
        "s3_pool grid=4 window=2 on 3x5x8x12",
        "sum sampled=2 grid=4 on 2x3x4x8x4",
        "mix random window=2 on 5x7x4x6"
      })
  void neitherLayoutNorDeviceNorLaunchChangesADraw(String text) {
    String[] parts = text.split(" on ");
    Operator operator = Operators.parse(parts[0]);
    Shape shape = Shape.parse(parts[1]);
    double[] x = integers(text.hashCode(), shape);
    DataType type = DataType.FLOAT32;
    Drawn drawn = draw(pooling(), KEY, operator, shape, Layout.NCHW, type, x);
    try (Pooling reference = Pooling.open(DevicePolicy.REFERENCE)) {
      assertSame(
          draw(reference, KEY, operator, shape, Layout.NCHW, type, x), drawn, "the reference");
    }
    assertSame(drawn, draw(pooling(), KEY, operator, shape, Layout.NCHW, type, x), "again");
    assertSame(drawn, draw(pooling(), KEY, operator, shape, Layout.NHWC, type, x), "NHWC");
    for (RandomKey other : List.of(KEY.next(), new RandomKey(5, KEY.call()))) {
      Drawn others = draw(pooling(), other, operator, shape, Layout.NCHW, type, x);
      assertFalse(Arrays.equals(drawn.output, others.output), () -> "as by " + other);
    }
    for (Shape part :
        List.of(
            Shape.of(1, shape.c(), shape.spatial()), Shape.unbatched(shape.c(), shape.spatial()))) {
      double[] begin = Arrays.copyOf(x, (int) part.elements());
      for (Layout layout : Layout.values()) {
        Drawn ofPart = draw(pooling(), KEY, operator, part, layout, type, begin);
        assertSame(drawn.first(ofPart), ofPart, part + " " + layout);
      }
    }
    checkImplementations(operator, shape, KEY, drawn, x);
    for (Layout layout : Layout.values()) {
      for (int size : new int[] {1, 3, 64}) {
        Preference preference = Preference.NONE.withWorkGroupSize(size);
        check(pooling().with(preference), operator, shape, layout, KEY, drawn, x);
      }
    }
    int count = (int) shape.n();
    Shape rest = Shape.of(count - 1, shape.c(), shape.spatial());
    checkImplementations(
        operator, rest, KEY.startingAt(1), drawn.from(1, count), Drawn.from(1, count, x));
  }

  private static void checkImplementations(
      Operator operator, Shape shape, RandomKey key, Drawn drawn, double... x) {
    for (Layout layout : Layout.values()) {
      for (Verdict verdict : pooling().explain(problem(operator, shape, layout))) {
        if (verdict.accepted()) {
          Preference preference = Preference.implementation(verdict.implementation());
          check(pooling().with(preference), operator, shape, layout, key, drawn, x);
        }
      }
    }
  }

  private static void check(
      Pooling on,
      Operator operator,
      Shape shape,
      Layout layout,
      RandomKey key,
      Drawn drawn,
      double... x) {
    try (Tensor input = tensor(on, shape, layout, DataType.FLOAT32, x);
        Pass pass = on.forward(operator, Inputs.of(input).key(key))) {
      String what = layout + " by " + pass.computedBy();
      assertArrayEquals(drawn.selected, selected(pass), what);
      assertArrayEquals(drawn.output, logical(pass.output()), what);
    }
  }

  private static Problem problem(Operator operator, Shape shape, Layout layout) {
    return new Case(
            operator,
            shape,
            layout,
            DataType.FLOAT32,
            Direction.FORWARD,
            operator.hasIndices(),
            false,
            Recipe.UNIFORM,
            0)
        .problem();
  }

  /** Half types are computed in float, with the same numbers. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "stochastic window=3 stride=2 padding=1",
        "max fractional=2 outputRatio=0.6",
        "max sampled=2 grid=4",
        "mix random window=2"
      })
  void halvesAreDrawnAsFloats(String text) {
    Operator operator = Operators.parse(text);
    Shape shape = Shape.of(2, 3, 8, 12);
    double[] x = integers(4, shape);
    Drawn floats = draw(pooling(), KEY, operator, shape, Layout.NCHW, DataType.FLOAT32, x);
    for (DataType type : List.of(DataType.FLOAT16, DataType.BFLOAT16)) {
      for (Layout layout : Layout.values()) {
        Drawn halves = draw(pooling(), KEY, operator, shape, layout, type, x);
        assertArrayEquals(floats.selected, halves.selected, type + " " + layout);
      }
    }
  }

  @Test
  void theNextKeyIsTheNextCallOfTheSameSeed() {
    assertEquals(new RandomKey(42, 0), RandomKey.of(42));
    assertEquals(new RandomKey(42, 1), RandomKey.of(42).next());
    assertEquals(new RandomKey(42, 1L << 32), new RandomKey(42, (1L << 32) - 1).next());
    assertEquals(new RandomKey(42, 1, 3), RandomKey.of(42).startingAt(3).next());
  }

  @Test
  void positionsWithoutNumbersAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> KEY.startingAt(-1));
    RandomKey far = KEY.startingAt(1L << 60);
    Shape shape = Shape.of(1, 5, 4);
    try (Tensor x = pooling().zeros(shape)) {
      Inputs inputs = Inputs.of(x).key(far);
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class,
              () -> pooling().run(Operators.parse("stochastic window=2"), inputs).close());
      assertTrue(
          refused.getMessage().startsWith("first of the key is " + (1L << 60)),
          refused::getMessage);
    }
  }
}
