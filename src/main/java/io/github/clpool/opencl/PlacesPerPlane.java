package io.github.clpool.opencl;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Fractional;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * An implementation that refuses fractional regions if it lists regions once for all planes, and
 * else checks the samples that place them before it runs.
 */
record PlacesPerPlane(OpenClImplementation whole) implements Narrowed {
  private static final String WORD = "fractional_samples";
  private static final long WORK_GROUP = 64;

  /** A sample that is not in [0, 1). */
  private record BadSample(Shape input) implements KernelArgument.Fault.Report {
    @Override
    public RuntimeException exception(long position, Arguments arguments) {
      double[] samples = arguments.get(Role.SAMPLES).toDoubles();
      return Fractional.badSample(input, position, samples[(int) position]);
    }
  }

  private static boolean isFractional(Problem problem) {
    return problem.operator() instanceof Pool pool && pool.regions() instanceof Fractional;
  }

  @Override
  public Verdict accepts(Problem problem, DeviceProfile device) {
    return isFractional(problem) && !placesPerPlane()
        ? refuse("regions lie elsewhere in each plane")
        : whole.accepts(problem, device);
  }

  @Override
  public LaunchPlan plan(Problem problem, DeviceProfile device) {
    LaunchPlan plan = whole.plan(problem, device);
    if (!isFractional(problem) || !problem.has(Role.SAMPLES)) {
      return plan;
    }
    List<Launch> launches = new ArrayList<>(List.of(check(problem, device)));
    launches.addAll(plan.launches());
    return new LaunchPlan(launches, plan.temporaries());
  }

  private static Launch check(Problem problem, DeviceProfile device) {
    long count = problem.arguments().get(Role.SAMPLES).elements();
    TreeMap<String, String> macros = new TreeMap<>();
    macros.put("TYPE", problem.type().name());
    return new Launch(
        WORD + ".cl",
        macros,
        WORD + "_check",
        List.of(
            new KernelArgument.Buffer(Role.SAMPLES),
            new KernelArgument.Long(count),
            new KernelArgument.Fault(new BadSample(problem.input()))),
        List.of(count),
        List.of(Math.min(WORK_GROUP, device.maxWorkGroup())));
  }
}
