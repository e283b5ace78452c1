package io.github.clpool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.op.Inputs;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Operators;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * Where clpool differs from PyTorch on purpose (docs/semantics.md, section 8): what PyTorch does,
 * and what clpool does instead. Duplicates of unpooling are in {@link LibtorchTest}.
 */
class DifferencesLibtorchTest {
  @Test
  void positiveZeroIsAboveNegativeZero() {
    float[] zeros = {-0f, 0f};
    Libtorch.Result theirs =
        Libtorch.max(
            zeros,
            new long[] {1, 1, 2},
            new long[] {2},
            new long[] {2},
            new long[] {0},
            new long[] {1},
            false,
            new float[] {1});
    assertEquals(0, theirs.indices()[0], "PyTorch takes the first zero");
    try (Pooling pooling = Pooling.open(DevicePolicy.REFERENCE);
        Tensor x = pooling.tensor(Shape.of(1, 1, 2), zeros);
        Pass pass = pooling.forward(Operators.parse("max window=2"), x)) {
      assertEquals(1, pass.indices().toInts()[0], "+0 is above -0");
    }
  }

  @Test
  void emptyRegionsSelectNothing() {
    float[] x = {5};
    Libtorch.Result theirs =
        Libtorch.max(
            new float[] {5, 6},
            new long[] {1, 2, 1},
            new long[] {2},
            new long[] {1},
            new long[] {1},
            new long[] {2},
            false,
            new float[] {0, 0});
    assertEquals(Float.NEGATIVE_INFINITY, theirs.output()[0]);
    assertEquals(1, theirs.indices()[0], "PyTorch names a cell behind the plane");
    try (Pooling pooling = Pooling.open(DevicePolicy.REFERENCE);
        Tensor input = pooling.tensor(Shape.of(1, 1, 1), x);
        Pass pass =
            pooling.forward(Operators.parse("max window=2 stride=1 padding=1 dilation=2"), input);
        Tensor g = pooling.tensor(pass.output().shape(), 1f);
        Tensor dx = pass.backward(g)) {
      assertEquals(Float.NEGATIVE_INFINITY, pass.output().toFloats()[0]);
      assertEquals(-1, pass.indices().toInts()[0]);
      assertEquals(0, dx.toFloats()[0]);
    }
  }

  @Test
  void averagesOfLargeRegionsAreRight() {
    int side = 1000;
    float[] x = new float[side * side];
    Arrays.fill(x, 0.1f);
    long[] shape = {1, 1, side, side};
    long[] whole = {side, side};
    Libtorch.Result theirs =
        Libtorch.avg(x, shape, whole, whole, new long[2], false, true, new float[] {1});
    assertNotEquals(0.1f, theirs.output()[0], "PyTorch adds a million terms one by one");
    try (Pooling pooling = Pooling.open(DevicePolicy.REFERENCE);
        Tensor input = pooling.tensor(Shape.of(1, 1, side, side), x);
        Tensor output = pooling.run(Operators.parse("avg window=1000"), input)) {
      assertEquals(0.1f, output.toFloats()[0], Math.ulp(0.1f));
    }
  }

  @Test
  void anAdaptiveSizeOfZeroIsRefused() {
    RuntimeException backward =
        assertThrows(
            RuntimeException.class,
            () ->
                Libtorch.adaptiveAvg(
                    new float[4], new long[] {1, 1, 4}, new long[] {0}, new float[0]));
    assertTrue(
        backward.getMessage().contains("grad_output has sizes [1, 1, 1, 0]"),
        () -> "PyTorch gives an empty tensor, which has no gradient: " + backward);
    assertThrows(IllegalArgumentException.class, () -> Operators.parse("avg adaptive=0"));
  }

  @Test
  void fractionalRegionsMayFillTheirAxisIn3d() {
    float[] x = {
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,
      27
    };
    long[] shape = {1, 1, 3, 3, 3};
    long[] twos = {2, 2, 2};
    float[] samples = {0.5f, 0.5f, 0.5f};
    RuntimeException refused =
        assertThrows(
            RuntimeException.class,
            () -> Libtorch.fractionalMax(x, shape, twos, twos, samples, new float[8]));
    assertTrue(refused.getMessage().contains("too large"), refused::getMessage);
    Operator operator = Operators.parse("max fractional=2 outputSize=2");
    try (Pooling pooling = Pooling.open(DevicePolicy.REFERENCE);
        Tensor input = pooling.tensor(Shape.of(1, 1, 3, 3, 3), x);
        Tensor places = pooling.tensor(Shape.array(1, 1, 3), samples);
        Tensor output = pooling.run(operator, Inputs.of(input).samples(places))) {
      float[] corners = {14, 15, 17, 18, 23, 24, 26, 27};
      assertArrayEquals(corners, output.toFloats());
    }
  }
}
