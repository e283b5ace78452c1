package io.github.clpool;

import static io.github.clpool.tensor.DataType.FLOAT64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.clpool.op.Operator;
import io.github.clpool.op.Operators;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.Shape;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every gradient against differences of the outputs, in FLOAT64. */
class FiniteDifferenceTest extends OnEveryDevice {
  private static final long SEED = 17;
  private static final String SHAPE = "2x2x5x4";
  private static final double STEP = 1e-6;
  private static final double ERROR = 1e-8;

  FiniteDifferenceTest(String device) {
    super(device);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "importance window=3 stride=2 padding=1",
        "importance adaptive=2",
        "mix a=0.3 b=-2 window=3 stride=1 padding=1 countIncludePad",
        "mix alpha window=2",
        "mix alpha global",
        "mix gated window=3x2 stride=2x1 padding=1",
        "mix cat=avg-max adaptive=3",
        "mix cat=max-avg window=2 dilation=2 stride=1",
        "mix random window=2",
        "stochastic window=2",
        "stochastic adaptive=2",
        "stochastic expected window=3 stride=2 padding=1",
        "stochastic expected adaptive=2",
        "soft_gate"
      })
  void gradientsAreSlopes(String text) {
    assumeTrue(pooling().refusal(FLOAT64).isEmpty());
    for (int sets = 0; sets < 2; sets++) {
      check(Operators.parse(text), new SplittableRandom(SEED), sets);
    }
  }

  private static void check(Operator operator, SplittableRandom random, int sets) {
    Map<Role, double[]> given = new EnumMap<>(Role.class);
    Shape input = Shape.parse(SHAPE);
    given.put(Role.INPUT, numbers(random, input));
    for (Role role : operator.parameters()) {
      given.put(role, numbers(random, shape(operator, role, input, sets)));
    }
    double[] g = numbers(random, operator.outputShape(input));
    Map<Role, double[]> found = train(FLOAT64, operator.toString(), SHAPE, given, g);
    for (Role role : operator.gradients()) {
      double[] varied = given.get(Role.valueOf(role.name().substring("GRAD_".length())));
      for (int i = 0; i < varied.length; i += 1 + varied.length / 7) {
        double at = varied[i];
        varied[i] = at + STEP;
        double above = dot(train(FLOAT64, operator.toString(), SHAPE, given, g), g);
        varied[i] = at - STEP;
        double below = dot(train(FLOAT64, operator.toString(), SHAPE, given, g), g);
        varied[i] = at;
        assertEquals(
            (above - below) / (2 * STEP),
            found.get(role)[i],
            ERROR * (1 + Math.abs(found.get(role)[i])),
            operator + " " + role + " at " + i + ", seed " + SEED);
      }
    }
  }

  private static Shape shape(Operator operator, Role role, Shape input, int set) {
    if (role != Role.WEIGHTS) {
      return operator.shapeOf(role, input);
    }
    Pool pool = (Pool) operator;
    List<Shape> shapes = pool.reduction().weights(input, pool.regions());
    return shapes.get(set);
  }

  /** Far enough apart that no step changes which is the greatest. */
  private static double[] numbers(SplittableRandom random, Shape shape) {
    int count = (int) shape.elements();
    double[] numbers = new double[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = Math.round(random.nextDouble(-2, 2) * 1e3) / 1e3 + i * 1e-5;
    }
    return numbers;
  }

  private static double dot(Map<Role, double[]> found, double... g) {
    double[] y = found.get(Role.OUTPUT);
    double sum = 0;
    for (int i = 0; i < y.length; i++) {
      sum += y[i] * g[i];
    }
    return sum;
  }
}
