package io.github.clpool.cli;

import io.github.clpool.op.Direction;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Problem;
import io.github.clpool.parity.Case;
import io.github.clpool.parity.Recipe;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options that describe a call without its data. */
final class Call {
  @Parameters(
      paramLabel = "OPERATOR",
      description = "Such as \"max window=3x3 stride=2 padding=1\".")
  private Operator operator;

  @Option(
      names = "--shape",
      paramLabel = "SHAPE",
      required = true,
      description =
          "The input's shape in logical order, such as 32x64x112x112; [64x112x112] is unbatched.")
  private Shape shape;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      defaultValue = "FLOAT32",
      description =
          "FLOAT16, BFLOAT16, FLOAT32, FLOAT64, UINT8 or INT8. Default: ${DEFAULT-VALUE}.")
  private DataType type;

  @Option(
      names = "--layout",
      paramLabel = "LAYOUT",
      defaultValue = "NCHW",
      description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private Layout layout;

  @Option(names = "--backward", description = "The gradient instead of the forward call.")
  private boolean backward;

  @Option(names = "--indices", description = "The forward call gives indices too.")
  private boolean indices;

  Problem problem() {
    if (indices && !operator.hasIndices()) {
      throw new IllegalArgumentException(
          "indices are asked for, but " + operator + " selects no cells");
    }
    return problem(operator, shape, layout, type, backward, indices);
  }

  static Problem problem(
      Operator operator,
      Shape shape,
      Layout layout,
      DataType type,
      boolean backward,
      boolean indices) {
    return subject(operator, shape, layout, type, backward, indices).problem();
  }

  /** The call with numbers between -1 and 1, for who needs some. */
  static Case subject(
      Operator operator,
      Shape shape,
      Layout layout,
      DataType type,
      boolean backward,
      boolean indices) {
    Direction direction = backward ? Direction.BACKWARD : Direction.FORWARD;
    return new Case(operator, shape, layout, type, direction, indices, false, Recipe.UNIFORM, 0);
  }
}
