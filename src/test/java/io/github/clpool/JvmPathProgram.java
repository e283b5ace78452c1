package io.github.clpool;

import io.github.clpool.op.Pool;
import io.github.clpool.op.Regions;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.Arrays;

/** What {@link JvmPathTest} starts in a JVM of its own: a maximum, forward and backward. */
public final class JvmPathProgram {
  private JvmPathProgram() {}

  /** Opens the policy that the first argument names; prints the backend, the results and why. */
  public static void main(String[] args) {
    try (Pooling pooling = Pooling.open(DevicePolicy.parse(args[0]));
        Tensor x = pooling.tensor(Shape.of(1, 1, 2, 4), 1, 5, -2, 0, 3, 4, -1, -7);
        Pass pass = pooling.forward(Pool.max().over(Regions.window(2)), x);
        Tensor ones = pooling.tensor(Shape.of(1, 1, 1, 2), 1f, 2f);
        Tensor gradient = pass.backward(ones)) {
      System.out.println(pooling.selection().backend());
      System.out.println(Arrays.toString(pass.output().toFloats()));
      System.out.println(Arrays.toString(gradient.toFloats()));
      System.out.println(pooling.selection());
    }
  }
}
