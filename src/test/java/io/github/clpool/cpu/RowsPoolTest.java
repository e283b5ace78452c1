package io.github.clpool.cpu;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Operators;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sizes near the end of the int range are refused with a reason, not computed with overflow. */
class RowsPoolTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "avg window=2                        | 1x1x2147483600   | NCHW | reach over more than 2^30",
        "avg window=3 stride=1 padding=1     | 1x1x1000000000   | NCHW | elements is above",
        "sum window=3 dilation=100000000     | 1x1x1900000000   | NCHW | reach over more than 2^30",
        "avg window=2x2                      | 1x40x2x500000000 | NHWC | elements is above",
        "avg window=2x2                      | 1x1x600000000x2  | NCHW | accepted",
      })
  void hugeProblems(String operator, String shape, Layout layout, String expected) {
    for (Direction direction : Direction.values()) {
      Verdict rows = rows(operator, Shape.parse(shape), layout, direction);
      String found = rows.accepted() ? "accepted" : rows.reason();
      assertTrue(found.contains(expected), direction + ": " + found);
    }
  }

  private static Verdict rows(String operator, Shape shape, Layout layout, Direction direction) {
    boolean forward = direction == Direction.FORWARD;
    Map<Role, Shape> shapes = new EnumMap<>(Role.class);
    Shape output = Operators.parse(operator).outputShape(shape);
    shapes.put(forward ? Role.INPUT : Role.GRAD_INPUT, shape);
    shapes.put(forward ? Role.OUTPUT : Role.GRAD_OUTPUT, output);
    Problem problem =
        new Problem(
            Operators.parse(operator), direction, shape, layout, DataType.FLOAT32, shapes, false);
    return CpuBackend.open().explain(problem).stream()
        .filter(verdict -> verdict.implementation().equals("rows"))
        .findFirst()
        .orElseThrow();
  }
}
