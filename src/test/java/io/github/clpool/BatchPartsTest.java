package io.github.clpool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.op.Operator;
import io.github.clpool.op.Operators;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Regions;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Handles;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Parts of batches share their elements with the whole, and are computed with as if alone. */
class BatchPartsTest {
  private static final Pool MAX = Pool.max().over(Regions.window(2).stride(1));
  private static final Pool AVG = Pool.avg().over(Regions.window(2).stride(1));
  private static final Shape SMALL = Shape.of(5, 3, 3, 5); // images begin where no kernel may
  private static final Shape ALIGNED = Shape.of(5, 4, 8, 16); // in input and output
  private static final Operator SAME_SIZE = Operators.parse("soft_gate");
  private static final float OUTSIDE = -7;

  private static float[] numbers(Shape shape) {
    float[] numbers = new float[(int) shape.elements()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (i * 37 + 11) % 101;
    }
    return numbers;
  }

  private static float[] images(float[] all, Shape shape, int from, int count) {
    int image = all.length / (int) shape.n();
    return Arrays.copyOfRange(all, from * image, (from + count) * image);
  }

  @ParameterizedTest
  @MethodSource("io.github.clpool.TestDevices#all")
  void callsTakeAndGiveParts(String name) {
    long live = Handles.live();
    try (Pooling pooling = TestDevices.open(name)) {
      callsTakeAndGiveParts(pooling, SMALL, Layout.NCHW);
      callsTakeAndGiveParts(pooling, ALIGNED, Layout.NHWC);
    }
    assertEquals(live, Handles.live());
  }

  private static void callsTakeAndGiveParts(Pooling pooling, Shape shape, Layout layout) {
    float[] numbers = numbers(shape);
    Shape pooled = MAX.outputShape(shape);
    try (Scope scope = pooling.scope()) {
      Tensor x = scope.tensor(shape, layout, DataType.FLOAT32, numbers);
      float[] y = scope.run(MAX, x).toFloats();
      Tensor part = scope.add(x.batch(1, 2));
      assertEquals("FLOAT32 " + shape.withBatch(2) + " " + layout, part.toString());
      assertArrayEquals(images(numbers, shape, 1, 2), part.toFloats());
      assertArrayEquals(images(y, pooled, 1, 2), scope.run(MAX, part).toFloats());

      Tensor into = scope.full(pooled, layout, DataType.FLOAT32, OUTSIDE);
      pooling.run(MAX, scope.add(x.batch(2, 2)), scope.add(into.batch(2, 2)));
      float[] expected = new float[y.length];
      Arrays.fill(expected, OUTSIDE);
      int image = y.length / 5;
      System.arraycopy(y, 2 * image, expected, 2 * image, 2 * image);
      assertArrayEquals(expected, into.toFloats());

      Pass whole = scope.forward(AVG, x);
      Pass ofPart = scope.forward(AVG, scope.add(scope.add(x.batch(1, 3)).batch(1, 1)));
      Tensor ones = scope.full(pooled, layout, DataType.FLOAT32, 1);
      float[] gradient = whole.backward(ones).toFloats();
      Tensor sum = scope.full(shape, layout, DataType.FLOAT32, OUTSIDE);
      ofPart.accumulateInto(scope.add(ones.batch(4, 1)), scope.add(sum.batch(2, 1)));
      float[] sums = new float[numbers.length];
      Arrays.fill(sums, OUTSIDE);
      int first = 2 * numbers.length / 5;
      for (int i = first; i < first + numbers.length / 5; i++) {
        sums[i] += gradient[i];
      }
      assertArrayEquals(sums, sum.toFloats());
    }
  }

  @ParameterizedTest
  @MethodSource("io.github.clpool.TestDevices#all")
  void partsShareElementsAndMemoryWithTheWhole(String name) {
    long live = Handles.live();
    try (Pooling pooling = TestDevices.open(name)) {
      Tensor x = pooling.tensor(SMALL, numbers(SMALL));
      Tensor part = x.batch(3, 2);
      Tensor last = part.batch(1, 1);
      try (Tensor zeros = pooling.zeros(SMALL.withBatch(1));
          Tensor none = x.batch(5, 0);
          Tensor first = x.batch(0, 2);
          Tensor second = x.batch(2, 2)) {
        zeros.copyTo(last);
        assertArrayEquals(zeros.toFloats(), images(x.toFloats(), SMALL, 4, 1));
        assertArrayEquals(images(numbers(SMALL), SMALL, 0, 4), images(x.toFloats(), SMALL, 0, 4));
        first.copyTo(second);
        assertArrayEquals(first.toFloats(), images(x.toFloats(), SMALL, 2, 2));
        assertEquals(0, none.toFloats().length);
        refused("target shares elements", () -> part.copyTo(second));
        refused("output shares elements with input", () -> pooling.run(SAME_SIZE, part, second));
        pooling.run(SAME_SIZE, part, first);
      }
      x.close();
      assertThrows(IllegalStateException.class, x::toFloats);
      part.close();
      assertArrayEquals(new float[45], last.toFloats()); // the last one holds the memory
      last.close();
      assertThrows(IllegalStateException.class, () -> last.batch(0, 1));
      try (Tensor other = pooling.zeros(SMALL)) { // in the same memory, maybe
        assertArrayEquals(new float[225], other.toFloats());
      }
    }
    assertEquals(live, Handles.live());
  }

  @ParameterizedTest
  @MethodSource("io.github.clpool.TestDevices#all")
  void copiesComeBehindCalls(String name) {
    try (Pooling pooling = TestDevices.open(name);
        Scope scope = pooling.scope()) {
      Tensor x = scope.tensor(ALIGNED, numbers(ALIGNED));
      Tensor y = scope.run(SAME_SIZE, x);
      Tensor copy = scope.like(y);
      y.copyTo(copy);
      assertArrayEquals(y.toFloats(), copy.toFloats());
      Tensor rois = scope.rois(new float[] {0, 1, 2, 3, 4}, new float[] {1, 5, 6, 7, 8});
      assertArrayEquals(new float[] {1, 5, 6, 7, 8}, scope.add(rois.batch(1, 1)).toFloats());
    }
  }

  @Test
  void whatIsNoPartIsRefused() {
    try (Pooling jvm = Pooling.open(DevicePolicy.JVM_ONLY);
        Scope scope = jvm.scope()) {
      Tensor x = scope.zeros(SMALL);
      refused("from is 4 and count 2, but must be at least 0", () -> x.batch(4, 2));
      refused("from is -1 and count 2", () -> x.batch(-1, 2));
      refused("from is 0 and count 6", () -> x.batch(0, 6));
      refused("batch size is -1", () -> x.batch(0, -1));
      Tensor alone = scope.zeros(Shape.unbatched(3, 3, 5));
      refused("must have a batch axis", () -> alone.batch(0, 1));
    }
  }

  private static void refused(String words, Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.contains(words), message);
  }
}
