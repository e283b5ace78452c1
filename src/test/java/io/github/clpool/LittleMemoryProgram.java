package io.github.clpool;

import io.github.clpool.backend.DeviceMemoryException;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Regions;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.Arrays;

/** What {@link LittleMemoryTest} starts in a JVM of its own, which may have little memory. */
public final class LittleMemoryProgram {
  private LittleMemoryProgram() {}

  /**
   * Pools on the named device through arrays; prints a sum, then, if asked, what a large tensor
   * gives.
   */
  public static void main(String[] args) {
    Shape shape = Shape.of(1, 1, 1024, 1500); // six megabytes
    float[] ones = new float[(int) shape.elements()];
    Arrays.fill(ones, 1);
    try (Pooling pooling = TestDevices.open(args[0]);
        Tensor x = pooling.tensor(shape, ones);
        Tensor y = pooling.run(Pool.sum().over(Regions.window(2)), x)) {
      double sum = 0;
      for (float each : y.toFloats()) {
        sum += each;
      }
      System.out.println("sum " + sum);
      try (Pooling jvm = Pooling.open(DevicePolicy.JVM_ONLY);
          Tensor copy = jvm.zeros(y.shape())) {
        y.copyTo(copy); // by way of the host
        System.out.println("copied " + Arrays.equals(y.toFloats(), copy.toFloats()));
      }
      if (args.length > 1) {
        large(pooling);
        scratch(pooling);
      }
    }
  }

  /** There is room for the tensors, but not for what computing takes besides. */
  private static void scratch(Pooling pooling) {
    Shape twelveMegabytes = Shape.of(1, 1, 2048, 1536);
    Pool powers = Pool.lp(2.5).over(Regions.window(1));
    try (Tensor x = pooling.zeros(twelveMegabytes);
        Tensor y = pooling.zeros(twelveMegabytes)) {
      PreparedPooling call =
          pooling.prepare(powers, twelveMegabytes, Layout.NCHW, DataType.FLOAT32);
      try {
        call.run(x, y);
        System.out.println("there is room");
      } catch (DeviceMemoryException refused) {
        System.out.println("refused: " + refused.getMessage());
      }
    }
  }

  private static void large(Pooling pooling) {
    Shape fourGigabytes = Shape.of(1, 1, 1 << 15, 1 << 15);
    try (Tensor large = pooling.empty(fourGigabytes, Layout.NCHW, DataType.FLOAT32)) {
      System.out.println("there is room for " + large);
    } catch (DeviceMemoryException refused) {
      System.out.println(
          "asked " + refused.asked() + " limit " + refused.limit() + ": " + refused.getMessage());
    }
  }
}
