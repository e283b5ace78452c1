package io.github.clpool.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.Pass;
import io.github.clpool.Pooling;
import io.github.clpool.TestDevices;
import io.github.clpool.op.Inputs;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Regions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Elements in and out, and lifetimes, on every device. */
class TensorTest {
  private static final Shape SHAPE = Shape.of(1, 2, 3);
  private static final float[] VALUES = {1, -0.0f, Float.NaN, 1e-40f, Float.MAX_VALUE, -5.5f};

  static List<String> devices() {
    return TestDevices.all();
  }

  @ParameterizedTest
  @MethodSource("devices")
  void elementsComeBack(String device) {
    try (Pooling pooling = TestDevices.open(device);
        Tensor floats = pooling.tensor(SHAPE, VALUES);
        Tensor halves = pooling.tensor(SHAPE, DataType.FLOAT16, bits(Half.fromFloat(1.5f)));
        Tensor bfloats = pooling.tensor(SHAPE, DataType.BFLOAT16, bits(BFloat16.fromFloat(-3f)));
        Tensor ints = pooling.indices(SHAPE, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0, 7)) {
      assertArrayEquals(VALUES, floats.toFloats());
      assertEquals(1e-40f, (float) floats.toDoubles()[3]);
      assertEquals(1.5f, halves.toFloats()[5]);
      assertEquals(Half.fromFloat(1.5f), halves.toBits()[0]);
      assertEquals(-3.0, bfloats.toDoubles()[0]);
      assertArrayEquals(
          new int[] {1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0, 7}, ints.toInts());
      assertArrayEquals(
          new long[] {1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0, 7}, ints.toLongs());
      assertThrows(IllegalStateException.class, ints::toFloats);
      assertThrows(IllegalStateException.class, floats::toInts);
      assertThrows(IllegalStateException.class, floats::toBits);
    }
  }

  private static short[] bits(short value) {
    short[] all = new short[(int) SHAPE.elements()];
    java.util.Arrays.fill(all, value);
    return all;
  }

  @ParameterizedTest
  @MethodSource("devices")
  void doublesComeBackWhereThereAreAny(String device) {
    try (Pooling pooling = TestDevices.open(device)) {
      if (pooling.refusal(DataType.FLOAT64).isEmpty()) {
        double[] values = {Math.PI, -0.0, Double.MIN_VALUE, Double.MAX_VALUE, 1e300, 0.1};
        try (Tensor doubles = pooling.tensor(SHAPE, values)) {
          assertArrayEquals(values, doubles.toDoubles());
          assertEquals((float) Math.PI, doubles.toFloats()[0]);
        }
      } else {
        assertThrows(IllegalArgumentException.class, () -> pooling.tensor(SHAPE, new double[6]));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("devices")
  void directAndHeapBuffers(String device) {
    try (Pooling pooling = TestDevices.open(device)) {
      FloatBuffer direct =
          ByteBuffer.allocateDirect(8 * 4).order(ByteOrder.nativeOrder()).asFloatBuffer();
      direct.put(1, VALUES).position(1).limit(7);
      try (Tensor tensor = pooling.tensor(SHAPE, Layout.NHWC, DataType.FLOAT32, direct)) {
        assertEquals(7, direct.position());
        FloatBuffer target = FloatBuffer.allocate(6);
        tensor.read(target);
        assertEquals(6, target.position());
        assertArrayEquals(VALUES, target.array());
        tensor.write(FloatBuffer.wrap(new float[6]));
        assertArrayEquals(new float[6], tensor.toFloats());
        direct.position(1);
        tensor.read(direct);
        assertEquals(0, direct.get(3));

        assertThrows(IllegalArgumentException.class, () -> tensor.read(FloatBuffer.allocate(5)));
        assertThrows(IllegalArgumentException.class, () -> tensor.read(IntBuffer.allocate(6)));
        assertThrows(IllegalArgumentException.class, () -> tensor.read(null));
        FloatBuffer foreign = ByteBuffer.allocateDirect(24).order(other()).asFloatBuffer();
        assertThrows(IllegalArgumentException.class, () -> tensor.write(foreign));
        assertThrows(
            IllegalArgumentException.class,
            () -> tensor.read(FloatBuffer.allocate(6).asReadOnlyBuffer()));
      }
    }
  }

  private static ByteOrder other() {
    return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
        ? ByteOrder.BIG_ENDIAN
        : ByteOrder.LITTLE_ENDIAN;
  }

  @ParameterizedTest
  @MethodSource("devices")
  void closingIsCountedOnceAndFinal(String device) {
    try (Pooling pooling = TestDevices.open(device)) {
      long live = Handles.live();
      Tensor tensor = pooling.tensor(SHAPE, VALUES);
      assertEquals(live + 1, Handles.live());
      tensor.close();
      tensor.close();
      assertEquals(live, Handles.live());
      assertThrows(IllegalStateException.class, tensor::toFloats);
      assertThrows(IllegalStateException.class, () -> tensor.write(FloatBuffer.allocate(6)));
      assertThrows(
          IllegalStateException.class,
          () -> pooling.run(Pool.max().over(Regions.window(2)), tensor));
      assertThrows(
          IllegalStateException.class,
          () -> pooling.forward(Pool.max().over(Regions.window(2)), Inputs.of(tensor)));
      assertEquals(live, Handles.live());
    }
  }

  @ParameterizedTest
  @MethodSource("devices")
  void aPassOwnsItsResults(String device) {
    try (Pooling pooling = TestDevices.open(device);
        Tensor x = pooling.tensor(SHAPE, VALUES)) {
      long live = Handles.live();
      Pass pass = pooling.forward(Pool.max().over(Regions.window(2).stride(1)), x);
      assertEquals(live + 2, Handles.live());
      assertEquals(
          device.equals("reference") || device.equals("jvm") ? device : "opencl",
          pass.output().producer().orElseThrow().backend());
      assertTrue(x.producer().isEmpty());
      Tensor y = pass.output();
      pass.close();
      pass.close();
      assertEquals(live, Handles.live());
      assertThrows(IllegalStateException.class, y::toFloats);
    }
  }

  @ParameterizedTest
  @MethodSource("devices")
  void indicesOfTheWholeTensorCountAsOnnx(String device) {
    try (Pooling pooling = TestDevices.open(device);
        Tensor x = pooling.tensor(Shape.of(2, 2, 3), 1, 2, 3, 6, 5, 4, 0, 9, 0, 7, 7, 8);
        Pass pass = pooling.forward(Pool.max().over(Regions.window(2).stride(1)), x)) {
      assertArrayEquals(new int[] {1, 2, 0, 1, 1, 1, 0, 2}, pass.indices().toInts());
      assertArrayEquals(new long[] {1, 2, 3, 4, 7, 7, 9, 11}, pass.indicesInTensor());
    }
  }
}
