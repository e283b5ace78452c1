package io.github.clpool;

import static io.github.clpool.tensor.DataType.FLOAT32;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.clpool.op.Inputs;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Operators;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Generalised means by hand arithmetic, on every device. */
class GemPoolTest extends OnEveryDevice {
  GemPoolTest(String device) {
    super(device);
  }

  /** Output and gradients; the gradient of every output is 1. */
  private record Results(double[] output, double[] input, double[] exponents) {}

  private static Results compute(String operator, String shape, double[] p, double... x) {
    Operator gem = Operators.parse(operator);
    try (Tensor input = tensor(Shape.parse(shape), FLOAT32, x);
        Tensor exponents = tensor(Shape.array(p.length), FLOAT32, p);
        Pass pass = pooling().forward(gem, Inputs.of(input).weights(exponents));
        Tensor ones = ones(pass.output().shape());
        Gradients gradients = pass.gradients(ones)) {
      return new Results(
          pass.output().toDoubles(),
          gradients.input().toDoubles(),
          gradients.get(Role.GRAD_WEIGHTS).toDoubles());
    }
  }

  private static Tensor ones(Shape shape) {
    double[] ones = new double[(int) shape.elements()];
    Arrays.fill(ones, 1);
    return tensor(shape, FLOAT32, ones);
  }

  /** The derivative of the mean of two numbers by p, from its definition. */
  private static double slope(double p, double a, double b) {
    double sum = Math.pow(a, p) + Math.pow(b, p);
    double logs = Math.pow(a, p) * Math.log(a) + Math.pow(b, p) * Math.log(b);
    double y = Math.pow(sum / 2, 1 / p);
    return y * (logs / sum - Math.log(y)) / p;
  }

  @Test
  void meansAndTheirGradients() {
    Results average = compute("gem window=2", "1x1x2", of(1), 1, 2);
    assertArrayEquals(of(1.5), average.output, 1e-6);
    assertArrayEquals(of(.5, .5), average.input, 1e-6);
    assertArrayEquals(of(slope(1, 1, 2)), average.exponents, 1e-6);

    Results cubic = compute("gem window=2", "1x1x2", of(3), 1, 2);
    double y = Math.cbrt(4.5);
    assertArrayEquals(of(y), cubic.output, 1e-6);
    assertArrayEquals(of(.5 / (y * y), 2 / (y * y)), cubic.input, 1e-6);
    assertArrayEquals(of(slope(3, 1, 2)), cubic.exponents, 1e-6);
  }

  @Test
  void exponentsOfEachChannel() {
    Results each = compute("gem global", "2x2x2", of(1, 3), 1, 2, 1, 2, 3, 4, 3, 4);
    assertArrayEquals(of(1.5, Math.cbrt(4.5), 3.5, Math.cbrt(45.5)), each.output, 4e-6);
    assertArrayEquals(
        of(slope(1, 1, 2) + slope(1, 3, 4), slope(3, 1, 2) + slope(3, 3, 4)), each.exponents, 1e-6);
    Results shared = compute("gem global", "2x2x2", of(3), 1, 2, 1, 2, 3, 4, 3, 4);
    assertArrayEquals(of(2 * (slope(3, 1, 2) + slope(3, 3, 4))), shared.exponents, 1e-6);
  }

  @Test
  void lowCellsCountAsEps() {
    Results raised = compute("gem eps=0.5 window=2", "1x1x2", of(1), -7, 2);
    assertArrayEquals(of(1.25), raised.output, 1e-6);
    assertArrayEquals(of(0, .5), raised.input, 1e-6);
    assertArrayEquals(of(slope(1, .5, 2)), raised.exponents, 1e-6);
  }

  @Test
  void nanAndOverflowAreKept() {
    Results nan = compute("gem window=2", "1x1x2", of(3), Double.NaN, 2);
    assertArrayEquals(of(Double.NaN), nan.output);
    assertArrayEquals(of(Double.NaN, Double.NaN), nan.input);
    Results large = compute("gem window=2", "1x1x2", of(3), 1e30, 2);
    assertArrayEquals(of(Double.POSITIVE_INFINITY), large.output);
    assertArrayEquals(of(Double.NaN, Double.NaN), large.input);
  }

  @Test
  void emptyRegionsGiveNothing() {
    Results empty = compute("gem window=2 stride=1 padding=1 dilation=2", "1x1x1", of(3), 5);
    assertArrayEquals(of(0), empty.output);
    assertArrayEquals(of(0), empty.input);
    assertArrayEquals(of(0), empty.exponents);
    assertArrayEquals(of(0), compute("gem window=2", "0x3x4", of(3)).exponents);
  }

  @Test
  void theExponentsGradientAloneIsAddedToWhatIsThere() {
    Operator gem = Operators.parse("gem window=2");
    try (Tensor input = tensor(Shape.of(1, 1, 2), FLOAT32, 1, 2);
        Tensor p = tensor(Shape.array(1), FLOAT32, 3);
        Tensor sum = tensor(Shape.array(1), FLOAT32, 10);
        Pass pass = pooling().forward(gem, Inputs.of(input).weights(p));
        Tensor g = ones(pass.output().shape())) {
      pass.backward(g, new EnumMap<>(Map.of(Role.GRAD_WEIGHTS, sum)), true);
      assertEquals(10 + slope(3, 1, 2), sum.toDoubles()[0], 1e-5);
    }
  }

  @Test
  void refusesExponentsThatDoNotFit() {
    Operator gem = Operators.parse("gem window=2");
    try (Tensor input = tensor(Shape.of(1, 3, 2), FLOAT32, 1, 2, 3, 4, 5, 6);
        Tensor p = tensor(Shape.array(2), FLOAT32, 3, 3)) {
      Inputs inputs = Inputs.of(input).weights(p);
      assertEquals(
          "weights has shape 2, but gem window=2 of input 1x3x2 needs 1 or 3",
          assertThrows(IllegalArgumentException.class, () -> pooling().run(gem, inputs))
              .getMessage());
      assertEquals(
          "weights is missing, but gem window=2 needs it (Inputs.weights)",
          assertThrows(IllegalArgumentException.class, () -> pooling().run(gem, input))
              .getMessage());
    }
  }
}
