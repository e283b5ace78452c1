package io.github.clpool.cpu;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pooling;
import io.github.clpool.backend.Preference;
import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Operators;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.parity.Case;
import io.github.clpool.parity.Outcome;
import io.github.clpool.parity.Parity;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sizes near the end of the int range are refused with a reason; single large windows are taken.
 */
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

  /** One window takes the plane: with long rows its cells are folded side by side. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "max global on 2x130x3x4 NHWC FLOAT32 data=special",
        "sum global on 2x40x3x5x7 NHWC FLOAT64 data=special",
        "avg global on 2x3x64x50 NCHW FLOAT32 data=special",
        "avg global on 2x40x7x9 NHWC FLOAT32 backward data=special",
        "avg global on 2x3x64x50 NCHW FLOAT16 accumulate data=special",
        "avg window=30x40 dilation=1x2 padding=3x2 on 2x2x33x77 NCHW FLOAT32 data=special",
        "avg window=30x40 dilation=1x2 padding=3x2 on 2x2x33x77 NCHW FLOAT32 accumulate",
        "avg window=8x9 padding=2x1 on 4x30x5x7 NCHW FLOAT32 data=special",
        "avg global on 3x40x7x7 NCHW FLOAT32 backward data=special",
        "sum global on 2x40x3x4x5 NCHW FLOAT64 accumulate data=special",
      })
  void oneLargeWindow(String text) {
    check("rows", text);
  }

  /** Tap by tap, in whole planes, some planes together, and parts of rows, slices or channels. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "max global on 2x130x3x4 NHWC FLOAT32 data=special",
        "max global on 2x130x3x4 NHWC FLOAT16 indices data=special",
        "min global on 1x3x37x49 NCHW BFLOAT16 indices data=equal",
        "sum global on 2x40x3x5x7 NHWC FLOAT64 data=special",
        "avg global on 2x40x7x9 NHWC FLOAT32 backward data=special",
        "max window=5 stride=2 padding=1 on 1x256x4x4 NHWC FLOAT32 indices data=special",
        "max global on 3x40x7x7 NCHW FLOAT32 indices data=special",
        "min global on 2x30x6x9 NCHW FLOAT16 indices data=equal",
        "max window=8x9 padding=2x1 on 4x30x5x7 NCHW BFLOAT16 indices data=special",
        "max window=3 stride=2 padding=1 on 1x2x301x303 NCHW FLOAT32 indices data=integers",
        "max window=3x5 stride=1x2 padding=1x2 dilation=2 on 7x3x9x11 NCHW FLOAT32 indices data=special",
        "min window=3 stride=1 padding=3 widePadding on 2x3x4x5x6 NCHW FLOAT32 indices data=integers",
        "max window=2x3x3 stride=1 padding=1 on 1x33x40x20x20 NHWC FLOAT32 indices data=special",
        "min adaptive=3x5 on 2x40x7x8 NHWC FLOAT16 indices data=special",
        "max adaptive=9x5 on 2x40x7x8 NHWC BFLOAT16 data=special",
        "avg adaptive=3x5 on 2x40x7x8 NHWC FLOAT64 data=special",
        "avg adaptive=9x5 on 2x40x7x8 NHWC FLOAT32 accumulate data=special",
        "avg window=5 stride=1 padding=2 on 2x48x16x20x20 NHWC FLOAT32 data=special",
        "avg window=5 stride=1 padding=2 on 1x530x70x33 NHWC FLOAT32 backward data=special",
        "sum window=3 stride=2 padding=3 widePadding on 2x20x9x70 NHWC FLOAT32 data=special",
        "avg window=3 stride=1 padding=1 on 2x20x9x70 NHWC UINT8",
        "lp p=3 window=3 stride=1 padding=1 on 2x20x9x70 NHWC FLOAT32 data=special",
        "max window=5 stride=1 padding=2 on 5x9x13x13 NCHW FLOAT32 data=special",
        "avg window=5 stride=1 padding=2 on 5x9x13x13 NCHW FLOAT32 data=special",
        "sum window=2x3x5 stride=1 padding=2x3x5 widePadding on 3x3x4x5x6 NCHW FLOAT64 data=special",
        "avg global on 9x41x7x7 NCHW FLOAT32 data=special",
        "avg global on 9x41x7x7 NCHW FLOAT32 accumulate data=special",
      })
  void tapByTap(String text) {
    check("taps", text);
  }

  /** Channels side by side: as many as a slab takes, or, where rows are longer, some of them. */
  @ParameterizedTest
  @CsvSource({
    "taps, max window=3 stride=2 padding=1 on 1x130x5x40 NHWC FLOAT32 indices data=special",
    "rows, avg window=2x3 stride=1x2 on 1x520x3x70 NHWC FLOAT32 data=special",
    "direct, max window=3 stride=2 padding=1 on 1x36x60x70 NHWC FLOAT32 backward data=special",
    "direct, min window=2 stride=1 dilation=2 on 2x20x4x5x6 NHWC FLOAT32 accumulate data=equal",
  })
  void channelsLast(String implementation, String text) {
    check(implementation, text);
  }

  /** Gradients of selections: rows of outputs in bands of cells, and small planes together. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "max window=3 stride=1 padding=1 on 1x40x90x40 NHWC FLOAT32 backward data=equal",
        "max window=3 stride=2 padding=1 on 1x3x320x310 NCHW FLOAT32 accumulate data=special",
        "max window=5 stride=1 padding=2 on 9x30x13x13 NCHW FLOAT32 backward data=equal",
        "max global on 9x41x7x7 NCHW FLOAT32 backward data=equal",
        "max global on 2x3x200x200 NCHW FLOAT32 backward data=equal",
        "min window=1x3 stride=1 padding=0x1 on 3x5x9x1 NCHW FLOAT16 backward data=equal",
        "lp p=inf window=3 stride=1 padding=1 on 2x20x90x40 NHWC FLOAT32 backward data=special",
        "median window=3 stride=2 padding=1 on 2x3x200x31 NCHW FLOAT32 backward data=special",
      })
  void gradientsOfSelections(String text) {
    check("direct", text);
  }

  private static void check(String implementation, String text) {
    try (Pooling reference = Pooling.open(DevicePolicy.REFERENCE);
        Pooling jvm = Pooling.open(DevicePolicy.JVM_ONLY)) {
      Preference preference = Preference.implementation(implementation);
      Outcome outcome = Parity.check(Case.parse(text), reference, jvm, preference);
      assertTrue(outcome.matches(), outcome::toString);
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
