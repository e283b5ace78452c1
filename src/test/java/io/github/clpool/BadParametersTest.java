package io.github.clpool;

import static io.github.clpool.tensor.DataType.FLOAT16;
import static io.github.clpool.tensor.DataType.FLOAT32;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.clpool.op.CrfPool;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Inputs;
import io.github.clpool.op.Mixture;
import io.github.clpool.op.Operators;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Regions;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Bad parameters of operators that have some: the same text on every device. */
class BadParametersTest extends OnEveryDevice {
  private static final Shape INPUT = Shape.of(1, 3, 4, 4);

  BadParametersTest(String device) {
    super(device);
  }

  private static void assertRefused(String text, Executable call) {
    assertEquals(text, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  private static void assertRefused(String text, String operator, Role role, Tensor parameter) {
    try (Tensor x = tensor(INPUT, FLOAT32, new double[48])) {
      Inputs inputs = role == null ? Inputs.of(x) : Inputs.of(x).with(role, parameter);
      assertRefused(text, () -> pooling().run(Operators.parse(operator), inputs).close());
    }
  }

  @Test
  void valuesThatAreNoOperator() {
    assertRefused("a is NaN, but must be finite", () -> Pool.mix(Double.NaN, 1));
    assertRefused(
        "b is -Infinity, but must be finite", () -> Pool.mix(1, Double.NEGATIVE_INFINITY));
    assertRefused("order is null, but must be given", () -> Pool.mix().cat(null));
    assertRefused(
        "steps is 1001, but must be at least 0 and at most 1000",
        () -> CrfPool.allPairs().steps(1001));
    assertRefused(
        "mixture is null, but must be given", () -> new io.github.clpool.op.Mix(null, true));
    String rule = "but must be a window: its weights have the window's shape";
    assertRefused(
        "regions of mix gated are 'global', " + rule,
        () -> Pool.mix().gated().over(Regions.global()));
    assertRefused(
        "regions of mix gated are 'adaptive=7', " + rule,
        () -> Pool.mix().gated().over(Regions.adaptive(7)));
    assertEquals(
        Shape.of(1, 6, 1, 1),
        Pool.mix().cat(Mixture.Order.MAX_AVG).over(Regions.global()).outputShape(INPUT));
  }

  @Test
  void weightsOfAnotherShape() {
    try (Tensor two = tensor(Shape.array(2), FLOAT32, 1, 2);
        Tensor four = tensor(Shape.array(4), FLOAT32, 1, 2, 3, 4);
        Tensor planes = tensor(Shape.of(1, 3, 2, 2), FLOAT32, new double[12])) {
      assertRefused(
          "weights has shape 2, but mix alpha window=2 of input 1x3x4x4 needs 1 or 3",
          "mix alpha window=2",
          Role.WEIGHTS,
          two);
      assertRefused(
          "weights has shape 4, but mix gated window=2 of input 1x3x4x4 needs 2x2 or 3x2x2",
          "mix gated window=2",
          Role.WEIGHTS,
          four);
      assertRefused(
          "weights has shape 1x3x2x2, but mix gated window=2 of input 1x3x4x4 needs 2x2 or 3x2x2",
          "mix gated window=2",
          Role.WEIGHTS,
          planes);
      assertRefused(
          "logits has shape 1x3x2x2, but importance window=2 of input 1x3x4x4 needs 1x3x4x4",
          "importance window=2",
          Role.LOGITS,
          planes);
    }
  }

  @Test
  void parametersOfAnotherType() {
    try (Tensor halves = tensor(INPUT, FLOAT16, new double[48])) {
      assertRefused(
          "logits has type FLOAT16, but must have FLOAT32 for an input of FLOAT32",
          "importance window=2",
          Role.LOGITS,
          halves);
    }
    try (Tensor alpha = tensor(Shape.array(1), FLOAT16, .5);
        Tensor x = tensor(INPUT, FLOAT16, new double[48])) {
      assertRefused(
          "weights has type FLOAT16, but must have FLOAT32 for an input of FLOAT16",
          () -> pooling().run(Operators.parse("mix alpha global"), Inputs.of(x).weights(alpha)));
    }
  }

  @Test
  void whatIsMissing() {
    assertRefused(
        "weights is missing, but mix alpha window=2 needs it (Inputs.weights)",
        "mix alpha window=2",
        null,
        null);
    assertRefused(
        "logits is missing, but importance global needs it (Inputs.logits)",
        "importance global",
        null,
        null);
    assertRefused(
        "key is missing, but mix random window=2 draws random numbers (Inputs.key)",
        "mix random window=2",
        null,
        null);
    Shape output = Shape.of(1, 3, 2, 2);
    try (Tensor x = tensor(INPUT, FLOAT32, new double[48]);
        Tensor dx = tensor(INPUT, FLOAT32, new double[48]);
        Tensor g = tensor(output, FLOAT32, new double[12])) {
      assertRefused(
          "choice is missing, but mix random window=2 needs it",
          () ->
              pooling()
                  .compute(
                      Operators.parse("mix random window=2"),
                      Direction.BACKWARD,
                      Map.of(Role.INPUT, x, Role.GRAD_INPUT, dx, Role.GRAD_OUTPUT, g),
                      false));
    }
  }
}
