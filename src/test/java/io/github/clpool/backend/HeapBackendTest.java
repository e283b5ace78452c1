package io.github.clpool.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.Pooling;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Regions;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a tensor is closed under, and what the heap cannot hold. */
class HeapBackendTest {
  /** Closes its input while it computes, as another thread may do. */
  private static Implementation<Void, Computation> closing(List<Boolean> done) {
    return new Implementation<>() {
      @Override
      public String name() {
        return "closing";
      }

      @Override
      public Verdict accepts(Problem problem, Void device) {
        return accept("takes everything");
      }

      @Override
      public Computation plan(Problem problem, Void device) {
        return arguments -> {
          Tensor x = arguments.get(Role.INPUT);
          HeapStorage input = (HeapStorage) x.storage();
          x.close();
          assertThrows(IllegalStateException.class, x::toFloats);
          float[] values = input.floats();
          ((HeapStorage) arguments.get(Role.OUTPUT).storage()).floats()[0] = values[3];
          done.add(true);
        };
      }
    };
  }

  @Test
  void aCallKeepsItsTensorsUntilItReturns() {
    List<Boolean> done = new ArrayList<>();
    HeapBackend<Void> backend =
        new HeapBackend<>("jvm", "test", null, operator -> List.of(closing(done)));
    try (Pooling pooling = Pooling.over(backend);
        Tensor x = pooling.tensor(Shape.of(1, 1, 2, 2), 1, 2, 3, 4)) {
      HeapStorage input = (HeapStorage) x.storage();
      try (Tensor y = pooling.run(Pool.max().over(Regions.window(2)), x)) {
        assertArrayEquals(new float[] {4}, y.toFloats());
      }
      assertEquals(List.of(true), done);
      assertEquals(null, input.floats()); // the array is garbage now
      assertThrows(
          IllegalStateException.class, () -> input.read(0, java.nio.FloatBuffer.allocate(4)));
    }
  }

  @Test
  void moreThanAnArrayHoldsIsADeviceMemoryException() {
    for (long elements : new long[] {1L << 31, 1L << 40, Long.MAX_VALUE}) {
      DeviceMemoryException refused =
          assertThrows(
              DeviceMemoryException.class, () -> new HeapStorage(this, DataType.INT32, elements));
      assertTrue(refused.asked() >= elements, () -> Arrays.toString(new long[] {elements}));
      assertTrue(refused.getMessage().contains(elements + " elements"), refused::getMessage);
    }
  }
}
