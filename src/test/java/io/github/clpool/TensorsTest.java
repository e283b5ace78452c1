package io.github.clpool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.op.Inputs;
import io.github.clpool.op.Operators;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Regions;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Handles;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tensors from numbers, and scopes that close them. */
class TensorsTest {
  private static final Shape SHAPE = Shape.of(1, 2, 1, 2);
  private static final Pool MAX = Pool.max().over(Regions.window(2));

  @ParameterizedTest
  @MethodSource("io.github.clpool.TestDevices#all")
  void numbersBecomeAnyType(String name) {
    float[] numbers = {1, 0.1f, 65520, -0.0f}; // the third is halfway to what FLOAT16 lacks
    try (Pooling pooling = TestDevices.open(name);
        Scope scope = pooling.scope()) {
      assertArrayEquals(
          new short[] {0x3c00, 0x2e66, 0x7c00, (short) 0x8000},
          scope.tensor(SHAPE, Layout.NHWC, DataType.FLOAT16, numbers).toBits());
      assertArrayEquals(
          new short[] {0x3f80, 0x3dcd, 0x4780, (short) 0x8000},
          scope.tensor(SHAPE, Layout.NCHW, DataType.BFLOAT16, numbers).toBits());
      assertArrayEquals(
          numbers, scope.tensor(SHAPE, Layout.NCHW, DataType.FLOAT32, numbers).toFloats());
      if (pooling.refusal(DataType.FLOAT64).isEmpty()) {
        assertArrayEquals(
            new double[] {1, 0.1f, 65520, -0.0},
            scope.tensor(SHAPE, Layout.NCHW, DataType.FLOAT64, numbers).toDoubles());
      }
      assertArrayEquals(new float[4], scope.zeros(SHAPE).toFloats());
      assertArrayEquals(new float[] {1, 1, 1, 1}, scope.ones(SHAPE).toFloats());
      Tensor many = scope.full(Shape.of(1, 3, 43691), Layout.NHWC, DataType.BFLOAT16, 0.25f);
      int quarters = 0;
      for (float each : many.toFloats()) {
        quarters += each == 0.25f ? 1 : 0;
      }
      assertEquals(3 * 43691, quarters); // more than are written at once
      assertEquals(0, scope.zeros(Shape.of(0, 1, 2)).toFloats().length);
      Tensor like = scope.like(many);
      assertEquals("BFLOAT16 1x3x43691 NHWC", like.toString());
      many.copyTo(like);
      assertArrayEquals(many.toBits(), like.toBits());
      assertEquals("FLOAT32 2x4 NCHW", scope.rois(new float[4], new float[4]).toString());
      assertEquals("FLOAT32 1x5 NCHW", scope.rois(new float[5]).toString());
    }
  }

  @Test
  void copiesGoFromDeviceToDevice() {
    try (Pooling jvm = Pooling.open(DevicePolicy.JVM_ONLY);
        Pooling reference = Pooling.open(DevicePolicy.REFERENCE);
        Tensor from = jvm.tensor(SHAPE, 1, 2, Float.NaN, -0.0f);
        Tensor to = reference.like(from)) {
      from.copyTo(to);
      assertArrayEquals(from.toFloats(), to.toFloats());
    }
  }

  @Test
  void misfitsAreRefused() {
    long live = Handles.live();
    try (Pooling jvm = Pooling.open(DevicePolicy.JVM_ONLY);
        Tensor x = jvm.zeros(SHAPE)) {
      refused("type is INT32", () -> jvm.tensor(SHAPE, Layout.NCHW, DataType.INT32, 1, 2, 3, 4));
      refused("type is INT32", () -> jvm.full(SHAPE, Layout.NCHW, DataType.INT32, 1));
      refused(
          "source has 3 elements", () -> jvm.tensor(SHAPE, Layout.NCHW, DataType.FLOAT16, 1, 2, 3));
      refused("boxes are []", () -> jvm.rois());
      refused("box 0 has 3 numbers", () -> jvm.rois(new float[3]));
      refused("box 1 has 4 numbers, but box 0", () -> jvm.rois(new float[5], new float[4]));
      try (Tensor other = jvm.full(SHAPE, Layout.NHWC, DataType.FLOAT32, 0)) {
        refused("target is FLOAT32 1x2x1x2 NHWC, but must be", () -> x.copyTo(other));
      }
      refused(
          "logits is missing, but importance global needs it (Inputs.logits)",
          () -> jvm.run(Operators.parse("importance global"), x));
      refused(
          "but stochastic global draws random numbers (Inputs.key)",
          () -> jvm.run(Operators.parse("stochastic global"), x));
    }
    assertEquals(live, Handles.live());
  }

  private static void refused(String words, Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.contains(words), message);
  }

  @ParameterizedTest
  @MethodSource("io.github.clpool.TestDevices#all")
  void aScopeClosesWhatWasMadeInIt(String name) {
    long live = Handles.live();
    try (Pooling pooling = TestDevices.open(name)) {
      pooling.warmUp(MAX, Shape.of(1, 1, 2, 2));
      long open = Handles.live();
      Tensor kept;
      Scope scope = pooling.scope();
      try (scope) {
        Tensor x = scope.tensor(Shape.of(1, 1, 2, 2), 1, 4, 3, 2);
        assertEquals(4, scope.run(MAX, x).toFloats()[0]);
        assertEquals(4, scope.run(MAX, Inputs.of(x)).toFloats()[0]);
        scope.forward(MAX, Inputs.of(x));
        Pass pass = scope.forward(MAX, x);
        Tensor ones = scope.ones(Shape.of(1, 1, 1, 1));
        Tensor gradient = pass.backward(ones);
        assertArrayEquals(new float[] {0, 1, 0, 0}, pass.gradients(ones).input().toFloats());
        assertArrayEquals(new float[] {0, 1, 0, 0}, pass.unpool(ones).output().toFloats());
        assertArrayEquals(new float[] {0, 1, 0, 0}, gradient.toFloats());
        kept = scope.release(gradient);
        refused("but of no scope", () -> scope.release(gradient));
      }
      scope.close();
      assertEquals(open + 1, Handles.live());
      assertArrayEquals(new float[] {0, 1, 0, 0}, kept.toFloats());
      assertThrows(IllegalStateException.class, () -> scope.zeros(SHAPE));
      assertThrows(IllegalStateException.class, () -> scope.add(kept));
      assertThrows(IllegalStateException.class, kept::toFloats);
      assertEquals(open, Handles.live());
    }
    assertEquals(live, Handles.live());
  }

  @Test
  void aScopeClosesTheOthersWhereOneFails() {
    try (Pooling jvm = Pooling.open(DevicePolicy.JVM_ONLY)) {
      Scope scope = jvm.scope();
      Tensor first = scope.zeros(SHAPE);
      IllegalStateException failure = new IllegalStateException("on purpose");
      scope.add(
          () -> {
            throw failure;
          });
      assertSame(failure, assertThrows(IllegalStateException.class, scope::close));
      assertThrows(IllegalStateException.class, first::toFloats);
    }
  }
}
