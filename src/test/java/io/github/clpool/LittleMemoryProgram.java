package io.github.clpool;

import io.github.clpool.backend.DeviceMemoryException;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Regions;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;

/** What {@link LittleMemoryTest} starts in a JVM of its own, which may have little memory. */
public final class LittleMemoryProgram {
  private LittleMemoryProgram() {}

  /** Pools on the named device through arrays; prints a sum, then what too large a tensor gives. */
  public static void main(String[] args) {
    Shape shape = Shape.of(1, 1, 1024, 1500); // six megabytes
    float[] ones = new float[(int) shape.elements()];
    java.util.Arrays.fill(ones, 1);
    try (Pooling pooling = TestDevices.open(args[0]);
        Tensor x = pooling.tensor(shape, ones);
        Tensor y = pooling.run(Pool.sum().over(Regions.window(2)), x)) {
      double sum = 0;
      for (float each : y.toFloats()) {
        sum += each;
      }
      System.out.println("sum " + sum);
      try (Tensor large =
          pooling.empty(Shape.of(1, 1, 1 << 15, 1 << 15), Layout.NCHW, DataType.FLOAT32)) {
        System.out.println("there is room for " + large);
      } catch (DeviceMemoryException refused) {
        System.out.println(
            "asked " + refused.asked() + " limit " + refused.limit() + ": " + refused.getMessage());
      }
    }
  }
}
