package io.github.clpool.opencl.cpu;

import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.opencl.plan.KernelArgument;
import io.github.clpool.opencl.plan.Launch;
import io.github.clpool.opencl.plan.LaunchPlan;
import io.github.clpool.opencl.plan.Macros;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A call in layout NCHW as one in layout NHWC, some planes of all images side by side as the
 * channels of each image. Immutable.
 *
 * @param problem the call, all of whose tensors have planes
 * @param lanes how many planes lie side by side
 */
record Interleaving(Problem problem, int lanes) {
  private static final Set<Role> RESULTS =
      Set.of(Role.OUTPUT, Role.INDICES, Role.GRAD_INPUT, Role.GRAD_LOGITS);

  /** So many cells, of all planes side by side, stay in the caches of a core. */
  private static final int CELLS_PER_ITEM = 1024;

  private long groups() {
    return (problem.input().planeCount() + lanes - 1) / lanes;
  }

  private Shape interleaved(Shape shape) {
    return Shape.of(groups(), lanes, shape.spatial());
  }

  /** The call to be planned. */
  Problem interleaved() {
    Map<Role, Shape> arguments = new EnumMap<>(Role.class);
    problem.arguments().forEach((role, shape) -> arguments.put(role, interleaved(shape)));
    return new Problem(
        problem.operator(),
        problem.direction(),
        interleaved(problem.input()),
        Layout.NHWC,
        problem.type(),
        arguments,
        problem.accumulate());
  }

  /** A plan of that call with what brings tensors there and results back. */
  LaunchPlan around(LaunchPlan plan) {
    List<Long> temporaries = new ArrayList<>(plan.temporaries());
    Map<Role, KernelArgument> there = new EnumMap<>(Role.class);
    List<Launch> launches = new ArrayList<>();
    List<Launch> back = new ArrayList<>();
    problem
        .arguments()
        .forEach(
            (role, shape) -> {
              DataType type = role == Role.INDICES ? DataType.FLOAT32 : problem.type(); // as wide
              there.put(role, new KernelArgument.Temporary(temporaries.size()));
              temporaries.add(interleaved(shape).elements() * type.bytes());
              KernelArgument here = new KernelArgument.Buffer(role);
              boolean isResult = RESULTS.contains(role);
              if (isResult) {
                back.add(launch("apart", type, shape, there.get(role), here));
              }
              if (!isResult || problem.accumulate()) {
                launches.add(launch("planes", type, shape, here, there.get(role)));
              }
            });
    for (Launch launch : plan.launches()) {
      launches.add(launch.with(argument -> inPlace(argument, there)));
    }
    launches.addAll(back);
    return new LaunchPlan(launches, temporaries);
  }

  private KernelArgument inPlace(KernelArgument argument, Map<Role, KernelArgument> there) {
    if (argument instanceof KernelArgument.Buffer buffer) {
      return there.get(buffer.role());
    }
    return argument instanceof KernelArgument.Key
        ? new KernelArgument.Key(problem.output().c() * problem.output().planeSize())
        : argument;
  }

  private Launch launch(
      String kernel, DataType type, Shape shape, KernelArgument from, KernelArgument to) {
    int cells = shape.planeSize();
    List<KernelArgument> arguments =
        List.of(
            from,
            to,
            new KernelArgument.Long(shape.planeCount()),
            new KernelArgument.Int(cells),
            new KernelArgument.Int(CELLS_PER_ITEM));
    return new Launch(
        "interleave.cl",
        Macros.ofType(type).put("LANES", lanes).values(),
        "interleave_" + kernel,
        arguments,
        List.of((cells - 1L) / CELLS_PER_ITEM + 1, groups()),
        List.of(1L, 1L));
  }
}
