package io.github.clpool;

import static io.github.clpool.tensor.DataType.FLOAT64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.clpool.op.Operator;
import io.github.clpool.op.Operators;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.Shape;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every gradient against differences of the outputs, in FLOAT64. */
@WithoutDevice
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
        "lp p=1 window=3 stride=2 padding=1",
        "lp p=2 window=3 stride=1 padding=1",
        "lp p=3 window=2 stride=1",
        "lp p=0.5 adaptive=3",
        "lp p=inf window=3 stride=1",
        "lp p=1 mean adaptive=3x2",
        "lp p=1.5 mean window=3x2 stride=1",
        "lp p=3 signed mean window=3 stride=2 padding=1",
        "lp p=1.5 signed window=2",
        "gem eps=0.1 window=3 stride=2 padding=1",
        "gem eps=0.1 global",
        "soft window=3 stride=2 padding=1",
        "soft adaptive=3x2",
        "log_sum_exp sharpness=2 window=3 stride=2 padding=1",
        "log_sum_exp sharpness=0.5 mean adaptive=3x2",
        "median window=3 stride=2 padding=1",
        "median adaptive=2",
        "variance window=3 stride=2 padding=1",
        "variance sample adaptive=3x2",
        "std window=3 stride=2 padding=1",
        "std sample adaptive=3x2",
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
    Operator operator = Operators.parse(text);
    for (int set = 0; set < (operator.parameters().contains(Role.WEIGHTS) ? 2 : 1); set++) {
      check(operator, new SplittableRandom(SEED), set);
    }
  }

  private static void check(Operator operator, SplittableRandom random, int set) {
    Map<Role, double[]> given = new EnumMap<>(Role.class);
    Shape input = Shape.parse(SHAPE);
    given.put(Role.INPUT, numbers(random, input));
    for (Role role : operator.parameters()) {
      given.put(role, numbers(random, shape(operator, role, input, set)));
    }
    restrict(operator.toString(), given);
    double[] g = numbers(random, operator.outputShape(input));
    Map<Role, double[]> found = train(FLOAT64, operator.toString(), SHAPE, given, g);
    for (Role role : operator.gradients()) {
      double[] varied = given.get(Role.valueOf(role.name().substring("GRAD_".length())));
      for (int i = 0; i < varied.length; i += 1 + varied.length / 7) {
        double at = varied[i];
        varied[i] = at + STEP;
        double[] above = train(FLOAT64, operator.toString(), SHAPE, given, g).get(Role.OUTPUT);
        varied[i] = at - STEP;
        double[] below = train(FLOAT64, operator.toString(), SHAPE, given, g).get(Role.OUTPUT);
        varied[i] = at;
        double slope = 0;
        for (int j = 0; j < g.length; j++) {
          slope += g[j] * ((above[j] - below[j]) / (2 * STEP));
        }
        assertEquals(
            slope,
            found.get(role)[i],
            ERROR * (1 + Math.abs(found.get(role)[i])),
            operator + " " + role + " at " + i + ", seed " + SEED);
      }
    }
  }

  /** To where outputs are numbers: roots have no negative ones, means no exponent near 0. */
  private static void restrict(String operator, Map<Role, double[]> given) {
    if (operator.contains("signed")) {
      Arrays.setAll(given.get(Role.INPUT), i -> Math.abs(given.get(Role.INPUT)[i]));
    }
    if (operator.startsWith("gem")) {
      Arrays.setAll(given.get(Role.WEIGHTS), i -> 1 + Math.abs(given.get(Role.WEIGHTS)[i]));
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

  /** Far enough apart, and from 0, that no step changes which is the greatest, or a sign. */
  private static double[] numbers(SplittableRandom random, Shape shape) {
    int count = (int) shape.elements();
    double[] numbers = new double[count];
    for (int i = 0; i < count; i++) {
      double drawn = Math.round(random.nextDouble(-2, 2) * 1e3) / 1e3;
      numbers[i] = drawn + Math.copySign(0.25 + i * 1e-5, drawn);
    }
    return numbers;
  }
}
