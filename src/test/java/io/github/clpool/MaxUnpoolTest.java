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
import io.github.clpool.op.MaxUnpool;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Operators;
import io.github.clpool.op.Regions;
import io.github.clpool.op.Role;
import io.github.clpool.parity.Case;
import io.github.clpool.parity.Recipe;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Handles;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Unpooling by hand arithmetic, there and back, and with bad positions. */
class MaxUnpoolTest extends OnEveryDevice {
  MaxUnpoolTest(String device) {
    super(device);
  }

  private static Tensor positions(Shape shape, Layout layout, int... values) {
    return pooling().tensor(shape, layout, DataType.INT32, IntBuffer.wrap(values));
  }

  /** Unpools, and sends 1, 2, 3, ... back. */
  private static float[][] thereAndBack(Operator operator, Shape shape, float[] x, int... where) {
    try (Tensor values = pooling().tensor(shape, x);
        Tensor positions = positions(shape, Layout.NCHW, where);
        Pass pass = pooling().forward(operator, Inputs.of(values).positions(positions));
        Tensor gradient = pooling().tensor(pass.output().shape(), ascending(pass.output()));
        Tensor back = pass.backward(gradient)) {
      return new float[][] {pass.output().toFloats(), back.toFloats()};
    }
  }

  private static float[] ascending(Tensor like) {
    float[] numbers = new float[(int) like.shape().elements()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i + 1;
    }
    return numbers;
  }

  @Test
  void theHighestIndexWinsACellAndOnlyItGetsAGradient() {
    float[][] both =
        thereAndBack(
            MaxUnpool.to(6), Shape.of(1, 1, 5), new float[] {7, -0f, 8, 9, 3}, 4, 0, 4, -1, 2);
    assertArrayEquals(new float[] {-0f, 0, 3, 0, 8, 0}, both[0]);
    assertArrayEquals(new float[] {0, 1, 5, 0, 3}, both[1]);
  }

  @Test
  void planesAreApart() {
    float[][] both =
        thereAndBack(
            MaxUnpool.of(Regions.window(2)),
            Shape.of(2, 1, 1, 2),
            new float[] {1, 2, 3, 4},
            5,
            2,
            0,
            0);
    assertArrayEquals(new float[] {0, 0, 2, 0, 0, 1, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0}, both[0]);
    assertArrayEquals(new float[] {6, 3, 0, 9}, both[1]);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "max_unpool window=2                       | 1x1x3x4   | 1x1x6x8",
        "max_unpool window=3 stride=2 padding=1    | 1x1x3x4   | 1x1x5x7",
        "max_unpool window=3x2 stride=2x1          | 1x1x3x4   | 1x1x7x5",
        "max_unpool window=3 stride=2 padding=1:0  | 2x3x4     | 2x3x8",
        "max_unpool output=7x9                     | 1x1x3x4   | 1x1x7x9",
        "max_unpool output=5 distinct              | 1x2x2x2x2 | 1x2x5x5x5",
      })
  void textsAndOutputSizes(String text, String input, String output) {
    Operator operator = Operators.parse(text);
    assertEquals(Shape.parse(output), operator.outputShape(Shape.parse(input)));
    assertEquals(text.trim(), operator.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "max_unpool                       | operator 'max_unpool' must have either window or"
            + " output",
        "max_unpool window=2 output=3     | operator 'max_unpool window=2 output=3' must have"
            + " either",
        "max_unpool output=0              | output size is 0, but must be at least 1",
        "max_unpool window=2 dilation=2   | window is 'window=2 dilation=2', but unpooling knows"
            + " no",
        "max_unpool window=2 same         | window is 'window=2 same', but unpooling knows no",
        "max_unpool output=2 stride=2     | option 'stride' does not belong to max_unpool",
      })
  void wrongTexts(String text, String message) {
    String thrown =
        assertThrows(IllegalArgumentException.class, () -> Operators.parse(text)).getMessage();
    assertTrue(thrown.startsWith(message), thrown);
  }

  @Test
  void anOutputSizeBelowOneShowsTheFormula() {
    Operator operator = Operators.parse("max_unpool window=2 padding=1");
    assertEquals(
        "output size is 0 = (1 - 1) * 2 - (1 + 1) + 2, from input size, stride, padding before,"
            + " after and kernel of axis 0, but must be at least 1 and below 2^31",
        assertThrows(IllegalArgumentException.class, () -> operator.outputShape(Shape.of(1, 1, 1)))
            .getMessage());
  }

  @ParameterizedTest
  @EnumSource
  void theFirstBadPositionIsNamedWhateverFindsItAndNothingIsLeftOpen(Layout layout) {
    Shape shape = Shape.of(2, 2, 1, 3);
    int[] good = new int[12];
    Arrays.setAll(good, i -> i % 3);
    for (String text : new String[] {"max_unpool output=2x2", "max_unpool output=2x2 distinct"}) {
      for (int bad : new int[] {4, -2, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
        int[] where = good.clone();
        // plane 2 at cells 1 and 2, and plane 3
        for (int[] place : new int[][] {{1, 0, 1}, {1, 0, 2}, {1, 1, 0}}) {
          long offset = layout.planeOffset(shape, place[0], place[1]);
          where[(int) (offset + place[2] * layout.cellStride(shape))] = place[2] == 1 ? bad : 77;
        }
        String message =
            "positions[n=1 c=0 d=0 h=0 w=1] is %d, but must be -1 or from 0 to 3, a cell of output 2x2x2x2"
                .formatted(bad);
        long live = Handles.live();
        try (Tensor values =
                pooling().tensor(shape, layout, DataType.FLOAT32, FloatBuffer.allocate(12));
            Tensor positions = positions(shape, layout, where)) {
          Operator operator = Operators.parse(text);
          Inputs inputs = Inputs.of(values).positions(positions);
          for (Direction direction : Direction.values()) {
            for (Pooling by : everyImplementation(operator, direction, values)) {
              assertEquals(message, failure(by, operator, direction, inputs));
              positions.write(IntBuffer.wrap(good)); // what was found is forgotten
              compute(by, operator, direction, inputs);
              positions.write(IntBuffer.wrap(where));
            }
          }
          assertEquals(message, failure(() -> pooling().run(operator, inputs).close()));
        }
        assertEquals(live, Handles.live());
      }
    }
  }

  /** A device finds them on the way; the Java backends look before they write. */
  @ParameterizedTest
  @EnumSource
  void aBadPositionLeavesTheResultAsItWasOnTheJvm(Layout layout) {
    Assumptions.assumeFalse(pooling().selection().backend().equals("opencl"));
    Shape shape = Shape.of(1, 3, 1, 2);
    int[] where = {0, 1, 2, 3, 0, 1};
    where[(int) (layout.planeOffset(shape, 0, 2) + layout.cellStride(shape))] = 4;
    float[] kept = new float[12];
    Arrays.fill(kept, 5);
    try (Tensor x = pooling().tensor(shape, layout, DataType.FLOAT32, FloatBuffer.allocate(6));
        Tensor positions = positions(shape, layout, where);
        Tensor y =
            pooling()
                .tensor(Shape.of(1, 3, 2, 2), layout, DataType.FLOAT32, FloatBuffer.wrap(kept))) {
      Map<Role, Tensor> tensors = Map.of(Role.INPUT, x, Role.POSITIONS, positions, Role.OUTPUT, y);
      failure(
          () ->
              pooling()
                  .compute(
                      Operators.parse("max_unpool output=2x2"), Direction.FORWARD, tensors, false));
      assertArrayEquals(kept, y.toFloats());
    }
  }

  private static List<Pooling> everyImplementation(
      Operator operator, Direction direction, Tensor x) {
    Case call =
        new Case(
            operator, x.shape(), x.layout(), x.type(), direction, false, false, Recipe.UNIFORM, 0);
    return pooling().explain(call.problem()).stream()
        .filter(Verdict::accepted)
        .map(each -> pooling().with(Preference.implementation(each.implementation())))
        .toList();
  }

  /** A device finds out after the call. */
  private static String failure(Executable call) {
    return assertThrows(
            IndexOutOfBoundsException.class,
            () -> {
              call.execute();
              pooling().finish();
            })
        .getMessage();
  }

  private static String failure(Pooling by, Operator operator, Direction direction, Inputs inputs) {
    return failure(() -> compute(by, operator, direction, inputs));
  }

  private static void compute(Pooling by, Operator operator, Direction direction, Inputs inputs) {
    boolean forward = direction == Direction.FORWARD;
    Tensor x = inputs.x();
    Shape output = operator.outputShape(x.shape());
    try (Tensor y = by.empty(output, x.layout(), x.type());
        Tensor dx = by.empty(x.shape(), x.layout(), x.type())) {
      Map<Role, Tensor> tensors =
          Map.of(
              forward ? Role.OUTPUT : Role.GRAD_OUTPUT,
              y,
              forward ? Role.INPUT : Role.GRAD_INPUT,
              forward ? x : dx,
              Role.POSITIONS,
              inputs.tensors().get(Role.POSITIONS));
      by.compute(operator, direction, tensors, false);
    }
  }

  @Test
  void missingAndUnfitPositionsAreRefused() {
    Shape shape = Shape.of(1, 1, 2, 2);
    Operator operator = Operators.parse("max_unpool window=2");
    try (Tensor x = pooling().tensor(shape, new float[4]);
        Tensor flat = positions(Shape.of(1, 1, 4), Layout.NCHW, 0, 1, 2, 3)) {
      assertEquals(
          "positions is missing, but max_unpool window=2 needs it (Inputs.positions)",
          refusal(operator, Inputs.of(x)));
      assertEquals(
          "positions has shape 1x1x4, but max_unpool window=2 of input 1x1x2x2 needs 1x1x2x2",
          refusal(operator, Inputs.of(x).positions(flat)));
      assertFalse(operator.hasIndices());
    }
  }

  private static String refusal(Operator operator, Inputs inputs) {
    return assertThrows(
            IllegalArgumentException.class, () -> pooling().run(operator, inputs).close())
        .getMessage();
  }
}
