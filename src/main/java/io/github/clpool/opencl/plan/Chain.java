package io.github.clpool.opencl.plan;

import io.github.clpool.backend.Chooser;
import io.github.clpool.backend.Preference;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Launches one after the other, poolings among them, with temporaries between them. Not
 * thread-safe.
 */
public final class Chain {
  private final DeviceProfile device;
  private final BiFunction<Problem, DeviceProfile.Kind, List<OpenClImplementation>> poolings;
  private final List<Launch> launches = new ArrayList<>();
  private final List<Long> temporaries = new ArrayList<>();

  /** Begins one whose poolings are planned by the implementations of some table. */
  public Chain(
      DeviceProfile device,
      BiFunction<Problem, DeviceProfile.Kind, List<OpenClImplementation>> poolings) {
    this.device = device;
    this.poolings = poolings;
  }

  /** A new buffer between launches. */
  public KernelArgument temporary(Shape shape, DataType type) {
    temporaries.add(shape.elements() * type.bytes());
    return new KernelArgument.Temporary(temporaries.size() - 1);
  }

  public void add(Launch launch) {
    launches.add(launch);
  }

  /**
   * Adds the launches of a pooling whose tensors are these buffers, by the implementation that
   * would take it alone.
   */
  public void add(
      Pool pool,
      Shape input,
      Layout layout,
      DataType type,
      boolean accumulate,
      Map<Role, KernelArgument> buffers) {
    Map<Role, Shape> shapes = new EnumMap<>(Role.class);
    buffers.keySet().forEach(role -> shapes.put(role, pool.shapeOf(role, input)));
    Direction direction =
        buffers.containsKey(Role.GRAD_OUTPUT) ? Direction.BACKWARD : Direction.FORWARD;
    Problem part = new Problem(pool, direction, input, layout, type, shapes, accumulate);
    LaunchPlan plan =
        new Chooser<>(device, poolings.apply(part, device.kind()))
            .choose(part, Preference.NONE)
            .plan(part, device);
    int first = temporaries.size();
    temporaries.addAll(plan.temporaries());
    for (Launch launch : plan.launches()) {
      launches.add(launch.with(argument -> here(argument, buffers, first)));
    }
  }

  private static KernelArgument here(
      KernelArgument argument, Map<Role, KernelArgument> buffers, int first) {
    if (argument instanceof KernelArgument.Buffer buffer) {
      return buffers.get(buffer.role());
    } else if (argument instanceof KernelArgument.Temporary temporary) {
      return new KernelArgument.Temporary(first + temporary.index());
    }
    return argument;
  }

  /** What was added. */
  public LaunchPlan plan() {
    return new LaunchPlan(launches, temporaries);
  }
}
