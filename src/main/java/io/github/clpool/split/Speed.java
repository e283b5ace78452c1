package io.github.clpool.split;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Backend;
import io.github.clpool.backend.Plan;
import io.github.clpool.backend.Preference;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Regions;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.Completion;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.Map;
import java.util.Optional;

/** Measures devices by a maximum over windows of 2, which is as fast as their memory. Stateless. */
final class Speed {
  private static final Shape INPUT = Shape.of(16, 16, 128, 128);
  private static final Pool POOL = Pool.max().over(Regions.window(2));
  private static final double SECONDS = 0.02;

  private Speed() {}

  /** How many batches a device computes in a second, the first one, which builds, not counted. */
  static double of(Backend device) {
    Map<Role, Shape> shapes = Map.of(Role.INPUT, INPUT, Role.OUTPUT, POOL.outputShape(INPUT));
    Problem problem =
        new Problem(POOL, Direction.FORWARD, INPUT, Layout.NCHW, DataType.FLOAT32, shapes, false);
    try (Plan plan = device.plan(problem, Preference.NONE);
        Tensor x = tensor(device, shapes.get(Role.INPUT));
        Tensor y = tensor(device, shapes.get(Role.OUTPUT))) {
      Arguments arguments = new Arguments(Map.of(Role.INPUT, x, Role.OUTPUT, y), Optional.empty());
      seconds(device, plan, arguments, 1);
      for (long calls = 1; ; calls *= 2) {
        double seconds = seconds(device, plan, arguments, calls);
        if (seconds > SECONDS) {
          return calls / seconds;
        }
      }
    }
  }

  private static Tensor tensor(Backend device, Shape shape) {
    return new Tensor(
        shape,
        Layout.NCHW,
        DataType.FLOAT32,
        device.allocate(shape, Layout.NCHW, DataType.FLOAT32),
        null);
  }

  private static double seconds(Backend device, Plan plan, Arguments arguments, long calls) {
    long start = System.nanoTime();
    Runnable all =
        () -> {
          for (long i = 0; i < calls; i++) {
            plan.run(arguments);
          }
        };
    try (Completion done = device.enqueue(all)) {
      done.await();
    }
    return (System.nanoTime() - start) * 1e-9;
  }
}
