package io.github.clpool;

import static io.github.clpool.op.Regions.adaptive;
import static io.github.clpool.op.Regions.fractional;
import static io.github.clpool.op.Regions.sampled;
import static io.github.clpool.op.Regions.window;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.clpool.backend.DeviceMemoryException;
import io.github.clpool.backend.Preference;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Inputs;
import io.github.clpool.op.MaxUnpool;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Operators;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Handles;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bad input: the same exception and text on every device, nothing written, nothing left open. */
class BadInputTest {
  private static final float POISON = 1234.5f;
  private static final Shape INPUT = Shape.of(1, 2, 4, 4);
  private static final Shape OUTPUT = Shape.of(1, 2, 2, 2);
  private static final Operator MAX = Pool.max().over(window(2));

  static Stream<Arguments> badValues() {
    return Stream.of(
        bad("kernel is 0, but must be at least 1", () -> window(0)),
        bad("kernel is -3, but must be at least 1", () -> window(3, -3)),
        bad("kernel is [], but must have 1 to 3 numbers", () -> window()),
        bad("kernel is [1, 2, 3, 4], but must have 1 to 3 numbers", () -> window(1, 2, 3, 4)),
        bad("stride is 0, but must be at least 1", () -> window(2).stride(0)),
        bad("dilation is 0, but must be at least 1", () -> window(2).dilation(0)),
        bad("padding is -1, but must be at least 0", () -> window(2).padding(-1)),
        bad(
            "padding before is 2, but must be at most half the kernel 3 (widePadding lifts this)",
            () -> Pool.max().over(window(3).padding(2))),
        bad(
            "padding is 1:1, but same and sameLower choose the padding themselves",
            () -> Pool.max().over(window(2).padding(1).same())),
        bad(
            "ceilMode is on, but same and sameLower exclude it",
            () -> Pool.max().over(window(2).ceilMode().sameLower())),
        bad("output size is 0, but must be at least 1, or KEEP (-1)", () -> adaptive(0)),
        bad(
            "divisorOverride is 0, but must be any other number",
            () -> Pool.avg().divisorOverride(0)),
        bad(
            "output size + kernel - 1 is 3 + 3 - 1 = 5 along axis 0, but must be at most the input"
                + " size 4",
            () -> Pool.max().over(fractional(3).outputSize(3)).outputShape(INPUT)),
        bad(
            "output size is (int)(4 * 0.2) = 0 along axis 0, but must be at least 1",
            () -> Pool.max().over(fractional(1).outputRatio(0.2)).outputShape(INPUT)),
        bad(
            "input size is 4 along axis 0, but must be a multiple of the grid 3",
            () -> Pool.max().over(sampled(3, 3)).outputShape(INPUT)),
        bad(
            "work-group size is 0, but must be at least 1",
            () -> new Preference(Optional.empty(), OptionalInt.of(0))),
        bad("regions is null, but must be given", () -> Pool.max().over(null)),
        bad("batch size is -1, but must be at least 0", () -> Shape.of(-1, 1, 1)),
        bad("number of channels is 0, but must be at least 1", () -> Shape.of(1, 0, 1)),
        bad("spatial size is 0, but must be at least 1", () -> Shape.of(1, 1, 0)),
        bad(
            "spatial sizes are [65536, 65536], but a plane must have less than 2^31 cells",
            () -> Shape.of(1, 1, 65536, 65536)),
        bad(
            "kernel is 2x2x2 with 3 numbers, but the input 1x2x4x4 has 2 spatial axes",
            () -> Pool.max().over(window(2, 2, 2)).outputShape(INPUT)),
        bad(
            "input has shape 3x5, which has no planes to pool",
            () -> MAX.outputShape(Shape.array(3, 5))));
  }

  private static Arguments bad(String text, Executable call) {
    return Arguments.of(text, call);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badValues")
  void refusesBadValues(String text, Executable call) {
    assertEquals(text, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  @Test
  void showsTheFormulaOfABadOutputSize() {
    Operator large = Pool.max().over(window(12));
    String text =
        assertThrows(IllegalArgumentException.class, () -> large.outputShape(INPUT)).getMessage();
    assertEquals(
        "output size is 0 = floor((4 + 0 + 0 - 1 * (12 - 1) - 1) / 12) + 1, from input size,"
            + " padding before, after, dilation, kernel and stride of axis 0, but must be at least"
            + " 1",
        text);
  }

  /** Changes one tensor of a good call; the rest of the call stays good. */
  private record BadTensor(
      Role role, Shape shape, Layout layout, DataType type, Operator operator, String text) {}

  static Stream<BadTensor> badTensors() {
    Operator average = Operators.parse("avg window=2");
    return Stream.of(
        new BadTensor(
            Role.OUTPUT,
            Shape.of(1, 2, 2, 3),
            Layout.NCHW,
            DataType.FLOAT32,
            MAX,
            "output has shape 1x2x2x3, but max window=2 of input 1x2x4x4 needs 1x2x2x2"),
        new BadTensor(
            Role.OUTPUT,
            OUTPUT,
            Layout.NHWC,
            DataType.FLOAT32,
            MAX,
            "output has layout NHWC, but the input has NCHW"),
        new BadTensor(
            Role.OUTPUT,
            OUTPUT,
            Layout.NCHW,
            DataType.FLOAT16,
            MAX,
            "output has type FLOAT16, but must have FLOAT32 for an input of FLOAT32"),
        new BadTensor(
            Role.INDICES,
            OUTPUT,
            Layout.NCHW,
            DataType.FLOAT32,
            MAX,
            "indices has type FLOAT32, but must have INT32 for an input of FLOAT32"),
        new BadTensor(
            Role.INDICES,
            OUTPUT,
            Layout.NCHW,
            DataType.INT32,
            average,
            "indices are asked for, but avg window=2 selects no cells"));
  }

  @ParameterizedTest
  @MethodSource("io.github.clpool.TestDevices#all")
  void refusesBadTensorsBeforeWriting(String device) {
    long live = Handles.live();
    try (Pooling pooling = TestDevices.open(device)) {
      badTensors().forEach(bad -> check(pooling, bad));
    }
    assertEquals(live, Handles.live(), "handles left open");
  }

  private static void check(Pooling pooling, BadTensor bad) {
    float[] poison = new float[(int) OUTPUT.elements()];
    java.util.Arrays.fill(poison, POISON);
    try (Tensor x = pooling.tensor(INPUT, new float[(int) INPUT.elements()]);
        Tensor y = pooling.tensor(OUTPUT, poison);
        Tensor changed = pooling.empty(bad.shape(), bad.layout(), bad.type())) {
      Map<Role, Tensor> tensors =
          bad.role() == Role.OUTPUT
              ? Map.of(Role.INPUT, x, Role.OUTPUT, changed)
              : Map.of(Role.INPUT, x, Role.OUTPUT, y, bad.role(), changed);
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class,
              () -> pooling.compute(bad.operator(), Direction.FORWARD, tensors, false));
      assertEquals(bad.text(), refused.getMessage());
      assertArrayEquals(poison, y.toFloats(), "the output was written");
    }
  }

  @ParameterizedTest
  @MethodSource("io.github.clpool.TestDevices#all")
  void refusesMissingForeignSharedAndClosedTensors(String device) {
    long live = Handles.live();
    try (Pooling pooling = TestDevices.open(device);
        Pooling other = Pooling.open(DevicePolicy.REFERENCE);
        Tensor x = pooling.tensor(INPUT, new float[(int) INPUT.elements()]);
        Tensor foreign = other.tensor(OUTPUT, new float[(int) OUTPUT.elements()])) {
      assertRefused(
          "output is missing, but max window=2 needs it", pooling, MAX, Map.of(Role.INPUT, x));
      assertRefused(
          "output belongs to another Pooling, but must be made by this one (%s on %s)"
              .formatted(pooling.selection().backend(), pooling.selection().device()),
          pooling,
          MAX,
          Map.of(Role.INPUT, x, Role.OUTPUT, foreign));
      assertRefused(
          "output shares elements with input, but must not",
          pooling,
          Pool.max().over(window(1)),
          Map.of(Role.INPUT, x, Role.OUTPUT, x));
      Tensor closed = pooling.empty(OUTPUT, Layout.NCHW, DataType.FLOAT32);
      closed.close();
      closed.close();
      assertThrows(IllegalStateException.class, closed::toFloats);
      assertThrows(
          IllegalStateException.class,
          () ->
              pooling.compute(
                  MAX, Direction.FORWARD, Map.of(Role.INPUT, x, Role.OUTPUT, closed), false));
    }
    assertEquals(live, Handles.live(), "handles left open");
  }

  private static void assertRefused(
      String text, Pooling pooling, Operator operator, Map<Role, Tensor> tensors) {
    assertRefused(text, () -> pooling.compute(operator, Direction.FORWARD, tensors, false));
  }

  private static void assertRefused(String text, Executable call) {
    assertEquals(text, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  @ParameterizedTest
  @MethodSource("io.github.clpool.TestDevices#all")
  void refusesCallsThatWantNothingOrTooMuch(String device) {
    Operator lip = Operators.parse("importance window=2");
    float[] poison = new float[(int) INPUT.elements()];
    java.util.Arrays.fill(poison, POISON);
    try (Pooling pooling = TestDevices.open(device);
        Tensor x = pooling.tensor(INPUT, new float[(int) INPUT.elements()]);
        Tensor dx = pooling.tensor(INPUT, poison);
        Tensor g = pooling.tensor(OUTPUT, new float[(int) OUTPUT.elements()]);
        Tensor where = pooling.empty(OUTPUT, Layout.NCHW, DataType.INT32)) {
      Map<Role, Tensor> forward = Map.of(Role.INPUT, x, Role.OUTPUT, g);
      Map<Role, Tensor> backward =
          Map.of(Role.GRAD_OUTPUT, g, Role.INDICES, where, Role.GRAD_INPUT, dx);
      assertRefused(
          "accumulate is true, but max window=2 runs forward, and only gradients are accumulated",
          () -> pooling.compute(MAX, Direction.FORWARD, forward, true));
      assertRefused(
          "logits is given, but max window=2 takes none forward",
          pooling,
          MAX,
          with(forward, Role.LOGITS, dx));
      assertRefused(
          "logits is given, but max window=2 takes none backward",
          () -> pooling.compute(MAX, Direction.BACKWARD, with(backward, Role.LOGITS, x), false));
      assertRefused(
          "grad input or grad logits is missing, but a backward call of importance"
              + " window=2 needs a gradient that is wanted",
          () ->
              pooling.compute(
                  lip,
                  Direction.BACKWARD,
                  Map.of(Role.INPUT, x, Role.LOGITS, dx, Role.GRAD_OUTPUT, g),
                  false));
      assertRefused(
          "indices is missing, but max window=2 needs it",
          () ->
              pooling.compute(
                  MAX,
                  Direction.BACKWARD,
                  Map.of(Role.GRAD_OUTPUT, g, Role.GRAD_INPUT, dx),
                  false));
      assertArrayEquals(poison, dx.toFloats());
    }
  }

  private static Map<Role, Tensor> with(Map<Role, Tensor> good, Role role, Tensor more) {
    Map<Role, Tensor> tensors = new EnumMap<>(good);
    tensors.put(role, more);
    return tensors;
  }

  @ParameterizedTest
  @MethodSource("io.github.clpool.TestDevices#all")
  void tensorsThatNoDeviceHoldsAreRefusedAlike(String device) {
    try (Pooling pooling = TestDevices.open(device)) {
      for (long channels : new long[] {1L << 42, 1L << 60}) { // the last one's bytes overflow
        Shape shape = Shape.of(2, channels, 1);
        DeviceMemoryException refused =
            assertThrows(
                DeviceMemoryException.class,
                () -> pooling.empty(shape, Layout.NCHW, DataType.FLOAT32));
        assertEquals(channels == 1L << 60 ? Long.MAX_VALUE : channels * 8, refused.asked());
      }
      Shape few = Shape.of(1000, 1, 1, 1); // but the result of each is as large as a plane can be
      try (Tensor x = pooling.tensor(few, new float[1000]);
          Tensor positions = pooling.empty(few, Layout.NCHW, DataType.INT32)) {
        assertThrows(
            DeviceMemoryException.class,
            () -> pooling.run(MaxUnpool.to(46340, 46340), Inputs.of(x).positions(positions)));
      }
    }
  }
}
