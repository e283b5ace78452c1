package io.github.clpool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.cpu.CpuBackend;
import io.github.clpool.op.Operators;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Handles;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tensors in other layouts and types, on every device. */
class ConversionTest {
  private static final float NAN = Float.NaN;
  private static final float INFINITY = Float.POSITIVE_INFINITY;

  /** A batch of two, three channels of 1x2 cells. */
  private static final Shape SHAPE = Shape.of(2, 3, 1, 2);

  private static final float[] NUMBERS = {
    0.5f, 1.5f, -2.5f, 254.5f, 255.5f, -128.5f, -0.0f, NAN, INFINITY, -INFINITY, 65520, 0.1f
  };

  // What they become, worked out by hand.
  private static final byte[] UNSIGNED = {0, 2, 0, -2, -1, 0, 0, 0, -1, 0, -1, 0};
  private static final byte[] SIGNED = {0, 2, -2, 127, 127, -128, 0, 0, 127, -128, 127, 0};
  private static final float[] HALVES = {
    0.5f,
    1.5f,
    -2.5f,
    254.5f,
    255.5f,
    -128.5f,
    -0.0f,
    NAN,
    INFINITY,
    -INFINITY,
    INFINITY,
    0x1.998p-4f
  };
  private static final float[] SHORT_FLOATS = {
    0.5f, 1.5f, -2.5f, 254, 256, -128, -0.0f, NAN, INFINITY, -INFINITY, 65536, 0x1.9ap-4f
  };

  @ParameterizedTest
  @MethodSource("io.github.clpool.TestDevices#all")
  void numbersAreRoundedToTheTypeAndWidenedAgain(String name) {
    long live = Handles.live();
    try (Pooling pooling = TestDevices.open(name);
        Scope scope = pooling.scope()) {
      Tensor x = scope.tensor(SHAPE, NUMBERS);
      Tensor halves = scope.converted(x, DataType.FLOAT16);
      Tensor shortFloats = scope.converted(x, DataType.BFLOAT16);
      assertArrayEquals(HALVES, halves.toFloats());
      assertArrayEquals(SHORT_FLOATS, shortFloats.toFloats());
      assertArrayEquals(HALVES, scope.converted(halves, DataType.FLOAT32).toFloats());
      assertArrayEquals(SHORT_FLOATS, scope.converted(shortFloats, DataType.FLOAT32).toFloats());
      assertEquals(256, scope.converted(halves, Layout.NHWC, DataType.BFLOAT16).toFloats()[2]);
      if (pooling.refusal(DataType.UINT8).isEmpty()) {
        Tensor bytes = scope.converted(x, DataType.UINT8);
        assertArrayEquals(UNSIGNED, bytes.toBytes());
        assertArrayEquals(SIGNED, scope.converted(x, DataType.INT8).toBytes());
        assertArrayEquals(
            new float[] {0, 2, 0, 254, 255, 0, 0, 0, 255, 0, 255, 0},
            scope.converted(bytes, DataType.FLOAT16).toFloats());
      }
      if (pooling.refusal(DataType.FLOAT64).isEmpty()) {
        Tensor doubles = scope.converted(x, DataType.FLOAT64);
        assertArrayEquals(x.toDoubles(), doubles.toDoubles());
        Tensor between = scope.tensor(Shape.array(1), new double[] {1 + 0x1p-24 + 0x1p-40});
        assertEquals(1 + 0x1p-23f, scope.converted(between, DataType.FLOAT32).toFloats()[0]);
        assertArrayEquals(HALVES, scope.converted(doubles, DataType.FLOAT16).toFloats());
      }
    }
    assertEquals(live, Handles.live());
  }

  @ParameterizedTest
  @MethodSource("io.github.clpool.TestDevices#all")
  void layoutsHoldTheSameCells(String name) {
    int[] numbers = IntStream.range(0, (int) SHAPE.elements()).toArray();
    int[] channelsLast = {0, 2, 4, 1, 3, 5, 6, 8, 10, 7, 9, 11};
    try (Pooling pooling = TestDevices.open(name);
        Scope scope = pooling.scope()) {
      Tensor x = scope.indices(SHAPE, numbers);
      Tensor last = scope.converted(x, Layout.NHWC);
      assertEquals("INT32 2x3x1x2 NHWC", last.toString());
      assertArrayEquals(channelsLast, last.toInts());
      assertArrayEquals(numbers, scope.converted(last, Layout.NCHW).toInts());
      Tensor halves =
          scope.tensor(SHAPE, DataType.FLOAT16, new short[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
      assertArrayEquals(
          new short[] {0, 2, 4, 1, 3, 5, 6, 8, 10, 7, 9, 11},
          scope.converted(halves, Layout.NHWC).toBits());
      Tensor array = scope.tensor(Shape.array(2, 2), 1, 2, 3, 4);
      assertArrayEquals(array.toFloats(), scope.converted(array, Layout.NHWC).toFloats());
      Tensor none = scope.zeros(Shape.of(0, 1, 2));
      assertEquals(0, scope.converted(none, DataType.FLOAT16).toBits().length);
    }
  }

  /** The batch lies in parts. */
  @Test
  void severalDevicesConvertTogether() {
    try (Pooling both = Pooling.over(List.of(CpuBackend.open(), CpuBackend.open()));
        Scope scope = both.scope()) {
      Tensor x = scope.tensor(SHAPE, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
      Tensor pooled = scope.run(Operators.parse("max window=1"), x);
      Tensor bytes = scope.converted(pooled, Layout.NHWC, DataType.UINT8);
      assertArrayEquals(new int[] {0, 2, 4, 1, 3, 5, 6, 8, 10, 7, 9, 11}, bytes.toInts());
    }
  }

  @Test
  void misfitsAreRefused() {
    try (Pooling jvm = Pooling.open(DevicePolicy.JVM_ONLY);
        Pooling reference = Pooling.open(DevicePolicy.REFERENCE);
        Tensor x = jvm.zeros(SHAPE);
        Tensor indices = jvm.indices(SHAPE, new int[12])) {
      refused("of another device", () -> reference.converted(x, Layout.NHWC));
      refused("type is INT32, but x is FLOAT32", () -> jvm.converted(x, DataType.INT32));
      refused("type is UINT8, but x is INT32", () -> jvm.converted(indices, DataType.UINT8));
    }
  }

  private static void refused(String words, org.junit.jupiter.api.function.Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.contains(words), message);
  }
}
