package io.github.clpool.opencl.plan;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Fractional;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An implementation that refuses what a device would compute wrongly, whatever the implementation,
 * and checks the samples of fractional regions first.
 *
 * @param whole the implementation
 */
public record Guarded(OpenClImplementation whole) implements OpenClImplementation {
  private static final String WORD = "fractional_samples";

  /** Fewer elements are always numbered, whatever is planned for each. */
  private static final long MANY = 1 << 24;

  /** A sample that is not in [0, 1). */
  private record BadSample(Shape input) implements KernelArgument.Fault.Report {
    @Override
    public Set<Role> quoted() {
      return Set.of(Role.SAMPLES);
    }

    @Override
    public RuntimeException exception(long position, Arguments arguments) {
      double sample = arguments.get(Role.SAMPLES).toDoubles()[(int) position];
      return sample >= 0 && sample < 1
          ? new IllegalArgumentException(
              "samples[%d] was refused, and has changed since".formatted(position))
          : Fractional.badSample(input, position, sample);
    }
  }

  @Override
  public String name() {
    return whole.name();
  }

  @Override
  public boolean takesViews() {
    return whole.takesViews();
  }

  private static boolean isFractional(Problem problem) {
    return problem.operator() instanceof Pool pool && pool.regions().isPlacedPerPlane();
  }

  private static boolean hasWindowsInPadding(Problem problem) {
    return problem.operator() instanceof Pool pool
        && pool.geometry(problem.input()).hasWindowsInPadding();
  }

  @Override
  public Verdict accepts(Problem problem, DeviceProfile device) {
    if (isFractional(problem) && !whole.placesPerPlane()) {
      return refuse("regions lie elsewhere in each plane");
    }
    if (hasWindowsInPadding(problem) && !whole.takesWindowsInPadding()) {
      return refuse("a window lies in the padding altogether");
    }
    if (whole.ownsRows() && device.kind() == DeviceProfile.Kind.GPU) {
      return refuse("private arrays of whole rows are for processors");
    }
    Verdict verdict = whole.accepts(problem, device);
    Optional<String> unnumbered =
        verdict.accepted() ? unnumbered(problem, device) : Optional.empty();
    if (unnumbered.isPresent()) {
      return refuse(unnumbered.get());
    }
    if (!verdict.accepted() || !device.endsLoops()) {
      return verdict;
    }
    double iterations = LoopBound.of(whole, problem, device);
    return iterations <= device.loopLimit()
        ? verdict
        : refuse(
            "the device ends a work-item's loops after "
                + device.loopLimit()
                + " iterations, and there may be "
                + (long) iterations);
  }

  /** What kernels cannot number, if there is such a thing; only a plan tells. */
  private Optional<String> unnumbered(Problem problem, DeviceProfile device) {
    if (problem.arguments().values().stream().allMatch(shape -> shape.elements() < MANY)) {
      return Optional.empty();
    }
    try {
      whole.plan(problem, device);
      return Optional.empty();
    } catch (IllegalArgumentException | ArithmeticException tooMany) {
      return Optional.of(tooMany.getMessage());
    }
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
    return Launch.perElement(
        WORD + ".cl",
        Macros.ofElements(problem),
        WORD + "_check",
        List.of(
            new KernelArgument.Buffer(Role.SAMPLES),
            new KernelArgument.Long(count),
            new KernelArgument.Fault(new BadSample(problem.input()))),
        count,
        device);
  }
}
