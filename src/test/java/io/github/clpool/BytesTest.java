package io.github.clpool;

import static io.github.clpool.tensor.DataType.INT8;
import static io.github.clpool.tensor.DataType.UINT8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.clpool.backend.Preference;
import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Inputs;
import io.github.clpool.op.MaxUnpool;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Operators;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Regions;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** 8-bit integers by hand (docs/semantics.md, section 2, rule 9), on every device. */
class BytesTest extends OnEveryDevice {
  private static final String THREES = " window=3 stride=2 padding=1 on 1x1x5";
  private static final String EMPTY = " window=2 stride=1 dilation=4 padding=1";

  BytesTest(String device) {
    super(device);
  }

  @BeforeEach
  void theDeviceTakesBytes() {
    assumeTrue(pooling().refusal(UINT8).isEmpty(), () -> pooling().refusal(UINT8).get());
  }

  private static void check(DataType type, String call, double[] output, double... x) {
    String[] parts = call.split(" on ");
    assertArrayEquals(output, forward(type, parts[0], parts[1], x).output(), type + " " + call);
  }

  private static void check(
      DataType type, String call, double[] output, int[] indices, double... x) {
    check(type, call, output, x);
    String[] parts = call.split(" on ");
    assertArrayEquals(indices, forward(type, parts[0], parts[1], x).indices(), type + " " + call);
  }

  private static int[] at(int... indices) {
    return indices;
  }

  @Test
  void averagesRoundHalfToEven() {
    String call = "avg window=2 on 1x1x12";
    double[] sums = of(2, 3, 3, 4, 1, 2, 0, 1, 255, 254, 0, 255);
    check(UINT8, call, of(2, 4, 2, 0, 254, 128), sums);
    double[] below = of(-2, -3, -3, -4, -1, -2, 0, -1, 127, 126, -128, -128);
    check(INT8, call, of(-2, -4, -2, 0, 126, -128), below);
  }

  @Test
  void divisorsMayBeNegative() {
    check(INT8, "avg divisorOverride=-2 window=2 on 1x1x4", of(-2, 4), 2, 3, -3, -4);
    check(INT8, "avg divisorOverride=3 window=2 on 1x1x4", of(1, -1), 2, 2, -2, -2);
  }

  @Test
  void whatLeavesTheRangeSaturates() {
    check(UINT8, "avg divisorOverride=1 window=2 on 1x1x4", of(255, 255), 200, 100, 255, 0);
    check(UINT8, "avg divisorOverride=-1 window=2 on 1x1x4", of(0, 0), 200, 100, 0, 0);
    check(INT8, "avg divisorOverride=1 window=2 on 1x1x4", of(127, -128), 127, 1, -128, -1);
    check(INT8, "avg divisorOverride=-1 window=2 on 1x1x4", of(127, -127), -100, -28, 127, 0);
    check(UINT8, "avg divisorOverride=2147483647 window=2 on 1x1x2", of(0), 255, 255);
  }

  @Test
  void paddingCountsAsForFloats() {
    String odd = " window=2 padding=1 on 1x1x3";
    check(UINT8, "avg" + odd, of(2, 8), 5, 7, 8);
    check(UINT8, "avg countIncludePad=false" + odd, of(5, 8), 5, 7, 8);
    String ceil = " window=3 stride=2 padding=1 ceilMode on 1x1x4";
    check(UINT8, "avg" + ceil, of(1, 3, 2), 1, 2, 3, 5);
  }

  @Test
  void emptyRegionsGiveTheEndsOfTheType() {
    for (DataType type : List.of(UINT8, INT8)) {
      boolean unsigned = type == UINT8;
      check(type, "max" + EMPTY + " on 1x1x3", of(unsigned ? 0 : -128), at(-1), 1, 2, 3);
      check(type, "min" + EMPTY + " on 1x1x3", of(unsigned ? 255 : 127), at(-1), 1, 2, 3);
      check(type, "median" + EMPTY + " on 1x1x3", of(0), at(-1), 1, 2, 3);
      check(type, "avg" + EMPTY + " on 1x1x3", of(0), 1, 2, 3);
    }
  }

  @Test
  void selectionsAreInTheTypesOrder() {
    check(UINT8, "max" + THREES, of(255, 255, 255), at(1, 1, 3), 0, 255, 128, 255, 9);
    check(INT8, "max" + THREES, of(127, 127, 127), at(1, 1, 3), -128, 127, -1, 127, -128);
    check(UINT8, "min" + THREES, of(7, 7, 7), at(1, 1, 3), 200, 7, 128, 7, 250);
    check(INT8, "min" + THREES, of(0, -128, -1), at(0, 2, 3), 0, 127, -128, -1, -1);
    check(UINT8, "median" + THREES, of(100, 100, 255), at(1, 1, 3), 200, 100, 0, 255, 255);
    check(INT8, "median" + THREES, of(-128, -1, -1), at(1, 3, 3), 5, -128, 5, -1, -1);
  }

  /** Padding has the key of the least number, but is none. */
  @Test
  void paddingIsNeverSelected() {
    double[] least = of(-128, -128, -128, -128, -128);
    double[] most = of(255, 255, 255, 255, 255);
    check(UINT8, "max" + THREES, of(0, 0, 0), at(0, 1, 3), 0, 0, 0, 0, 0);
    check(INT8, "max" + THREES, of(-128, -128, -128), at(0, 1, 3), least);
    check(UINT8, "min" + THREES, of(255, 255, 255), at(0, 1, 3), most);
    check(INT8, "median" + THREES, of(-128, -128, -128), at(0, 1, 3), least);
    check(UINT8, "median" + THREES, of(255, 255, 255), at(0, 1, 3), most);
  }

  /** The sums are above 2^24, where floats leave integers out. */
  @Test
  void sumsOfLargeRegionsAreExact() {
    Shape shape = Shape.of(1, 1, 260, 260);
    byte[] halves = new byte[260 * 260];
    Arrays.fill(halves, 0, halves.length / 2, (byte) 255);
    Arrays.fill(halves, halves.length / 2, halves.length, (byte) 254);
    byte[] more = halves.clone();
    more[more.length - 1] = (byte) 255;
    Operator mean = Operators.parse("avg global");
    Map<Role, Shape> shapes = Map.of(Role.INPUT, shape, Role.OUTPUT, mean.outputShape(shape));
    Problem problem =
        new Problem(mean, Direction.FORWARD, shape, Layout.NCHW, UINT8, shapes, false);
    List<String> names =
        pooling().explain(problem).stream()
            .filter(Verdict::accepted)
            .map(Verdict::implementation)
            .toList();
    for (String name : names) {
      Pooling wished = pooling().with(Preference.implementation(name));
      try (Tensor x = pooling().tensor(shape, UINT8, halves);
          Tensor y = wished.run(mean, x);
          Tensor above = pooling().tensor(shape, UINT8, more);
          Tensor z = wished.run(mean, above)) {
        assertEquals(254, y.toInts()[0], name);
        assertEquals(255, z.toInts()[0], name);
      }
    }
  }

  @Test
  void valuesGoBackWhereTheyWere() {
    Shape shape = Shape.of(1, 1, 3);
    try (Tensor values = pooling().tensor(shape, INT8, (byte) -128, (byte) 127, (byte) 5);
        Tensor positions = pooling().indices(shape, 3, -1, 0);
        Tensor y = pooling().run(MaxUnpool.to(5), Inputs.of(values).positions(positions))) {
      assertArrayEquals(new byte[] {5, 0, 0, -128, 0}, y.toBytes());
    }
    MaxUnpool blocks = MaxUnpool.of(Regions.window(2));
    Shape pooled = Shape.of(1, 1, 1, 20);
    byte[] bytes = new byte[20];
    int[] where = new int[20];
    byte[] expected = new byte[80];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (200 + i);
      where[i] = i % 2 * 40 + 2 * i + i % 2;
      expected[where[i]] = bytes[i];
    }
    try (Tensor values = pooling().tensor(pooled, UINT8, bytes);
        Tensor positions = pooling().indices(pooled, where);
        Tensor y = pooling().run(blocks, Inputs.of(values).positions(positions))) {
      assertArrayEquals(expected, y.toBytes());
    }
  }

  @Test
  void bytesGoInAndOut() {
    try (Tensor x = pooling().tensor(Shape.of(1, 1, 2), UINT8, (byte) 255, (byte) 1)) {
      assertArrayEquals(new int[] {255, 1}, x.toInts());
      assertArrayEquals(new long[] {255, 1}, x.toLongs());
      assertArrayEquals(new byte[] {-1, 1}, x.toBytes());
      assertArrayEquals(new float[] {255, 1}, x.toFloats());
      assertThrows(IllegalStateException.class, x::toBits);
    }
  }

  private static void refused(String message, Runnable call) {
    assertEquals(
        message, assertThrows(IllegalArgumentException.class, call::run).getMessage(), message);
  }

  @Test
  void whatIsNotDefinedIsRefused() {
    try (Tensor x = pooling().tensor(Shape.of(1, 1, 4), UINT8, new byte[4])) {
      refused(
          "type of the input is UINT8, but sum window=2 takes only floating-point types forward",
          () -> pooling().run(Operators.parse("sum window=2"), x));
      try (Pass pass = pooling().forward(Operators.parse("max window=2"), Inputs.of(x));
          Tensor g = pooling().tensor(Shape.of(1, 1, 2), UINT8, new byte[2])) {
        refused(
            "type of the input is UINT8, but max window=2 takes only floating-point types backward",
            () -> pass.backward(g));
      }
    }
    try (Tensor x = pooling().indices(Shape.of(1, 1, 4), 1, 2, 3, 4)) {
      refused(
          "type of the input is INT32, but max window=2 takes floating-point types, UINT8 and INT8"
              + " forward",
          () -> pooling().run(Operators.parse("max window=2"), x));
    }
  }
}
