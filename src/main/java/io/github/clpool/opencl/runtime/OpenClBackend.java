package io.github.clpool.opencl.runtime;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Backend;
import io.github.clpool.backend.CallMemory;
import io.github.clpool.backend.Chooser;
import io.github.clpool.backend.Device;
import io.github.clpool.backend.Implementation;
import io.github.clpool.backend.Lifetime;
import io.github.clpool.backend.Plan;
import io.github.clpool.backend.Preference;
import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.opencl.plan.Conversion;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.LaunchPlan;
import io.github.clpool.opencl.plan.OpenClImplementation;
import io.github.clpool.tensor.Completion;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Handles;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Producer;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Storage;
import io.github.clpool.tensor.Tensor;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jocl.CL;
import org.jocl.cl_event;

/**
 * One OpenCL device. Calls return when the work is enqueued; reading a tensor waits. Programs are
 * made once and kept. Thread-safe.
 */
public final class OpenClBackend implements Backend {
  private final OpenClContext context;
  private final Memory memory;
  private final Transfers transfers;
  private final Programs programs;
  private final FaultChecks checks;
  private final BufferChecks.Foreign foreignChecks = new BufferChecks.Foreign();
  private final KeptTables tables;
  private final DeviceProfile profile;
  private final BiFunction<Problem, DeviceProfile.Kind, List<OpenClImplementation>> implementations;
  private final Lifetime lifetime;

  /** Tests a device that was just opened. */
  @FunctionalInterface
  public interface Profiler {
    DeviceProfile profile(
        OpenClContext context, Programs programs, Memory memory, Transfers transfers);
  }

  public OpenClBackend(
      OpenClContext context,
      BiFunction<Problem, DeviceProfile.Kind, List<OpenClImplementation>> implementations,
      Profiler profiler) {
    this.context = context;
    this.memory = new Memory(context);
    this.transfers = new Transfers(context);
    this.programs = new Programs(context);
    this.checks = new FaultChecks(context, memory);
    this.tables = new KeptTables(checks);
    this.implementations = implementations;
    Handles.Handle handle =
        Handles.open(
            this,
            "OpenCL backend on " + device(),
            release(checks, programs, transfers, memory, context));
    this.lifetime = new Lifetime(device(), handle::close);
    try {
      this.profile = profiler.profile(context, programs, memory, transfers);
    } catch (Throwable failed) {
      lifetime.close();
      throw failed;
    }
  }

  @Override
  public String name() {
    return "opencl";
  }

  @Override
  public String device() {
    return context.properties().label();
  }

  @Override
  public Device description() {
    return DeviceReport.of(name(), device(), profile);
  }

  /**
   * What planning knows of the device, the self-test's verdicts among it.
   *
   * @return the profile
   */
  public DeviceProfile profile() {
    return profile;
  }

  @Override
  public Optional<String> refusal(DataType type) {
    Require.present("type", type);
    // LLVM 15, inside Mesa 22.3, frees what it must not while it compiles kernels of INT8.
    if (type.isByte() && profile.name().toLowerCase(Locale.ROOT).contains("llvmpipe")) {
      return Optional.of("Mesa's llvmpipe ends the process on kernels of 8-bit integers");
    }
    return type == DataType.FLOAT64 && !profile.hasDouble()
        ? Optional.of("the device has no fp64 that works, and FLOAT64 is never computed in float")
        : Optional.empty();
  }

  @Override
  public boolean keepsSubnormals() {
    return profile.keepsSubnormals();
  }

  @Override
  public Storage allocate(Shape shape, Layout layout, DataType type) {
    Require.present("shape", shape);
    Require.present("layout", layout);
    Require.present("type", type);
    return using(() -> OpenClStorage.allocate(this, type, shape.elements()));
  }

  @Override
  public List<Verdict> explain(Problem problem) {
    Require.present("problem", problem);
    return implementations.apply(problem, profile.kind()).stream()
        .map(each -> withViews(each, each.accepts(problem, profile)))
        .toList();
  }

  private static Verdict withViews(OpenClImplementation implementation, Verdict verdict) {
    return verdict.accepted()
        ? implementation.accept(verdict.reason() + "; " + implementation.aboutViews())
        : verdict;
  }

  @Override
  public Plan plan(Problem problem, Preference preference) {
    Require.present("problem", problem);
    Require.present("preference", preference);
    return using(
        () ->
            hasNoResults(problem)
                ? new EmptyPlan(producer(choose(problem, preference, profile)))
                : prepare(problem, preference));
  }

  private Plan prepare(Problem problem, Preference preference) {
    Plan dense = prepare(problem, preference, profile, false);
    return choose(problem, preference, profile).takesViews()
        ? new ViewsPlan(dense, () -> using(() -> prepare(problem, preference, profile, true)))
        : dense;
  }

  private OpenClImplementation choose(
      Problem problem, Preference preference, DeviceProfile device) {
    return new Chooser<>(device, implementations.apply(problem, device.kind()))
        .choose(problem, preference);
  }

  private Producer producer(Implementation<DeviceProfile, LaunchPlan> implementation) {
    return new Producer(name(), device(), implementation.name());
  }

  /** What a call would launch, whatever a kernel's own limits are. */
  public LaunchPlan launches(Problem problem) {
    return launches(problem, Preference.NONE);
  }

  private LaunchPlan launches(Problem problem, Preference preference) {
    return hasNoResults(problem)
        ? LaunchPlan.of()
        : choose(problem, preference, profile).plan(problem, profile);
  }

  /** A kernel's own limit shows when it is built: then the plan is made again, for that. */
  private PreparedPlan prepare(
      Problem problem, Preference preference, DeviceProfile device, boolean ofViews) {
    OpenClImplementation implementation = choose(problem, preference, device);
    LaunchPlan plan = implementation.plan(problem, device);
    try {
      return new PreparedPlan(
          this,
          producer(implementation),
          ofViews && implementation.takesViews() ? plan.ofViews() : plan,
          problem.direction(),
          problem.accumulate(),
          preference.workGroupSize());
    } catch (WorkGroupException tooLarge) {
      return prepare(problem, preference, device.withMaxWorkGroup(tooLarge.most()), ofViews);
    }
  }

  /** True for an empty batch: there is nothing to compute. */
  private static boolean hasNoResults(Problem problem) {
    return problem.arguments().entrySet().stream()
        .filter(argument -> argument.getKey().isResult(problem.direction()))
        .allMatch(result -> result.getValue().elements() == 0);
  }

  /** Computes nothing. */
  private record EmptyPlan(Producer producer) implements Plan {
    @Override
    public boolean tryRun(Arguments arguments) {
      return true;
    }

    @Override
    public void close() {
      // there is nothing to free
    }
  }

  /** Does something while this cannot be freed; IllegalStateException if it is closed. */
  public <R> R using(Supplier<R> action) {
    lifetime.use();
    try {
      return action.get();
    } finally {
      lifetime.done();
    }
  }

  @Override
  public Completion enqueue(Runnable calls) {
    Require.present("calls", calls);
    return enqueue(calls, new cl_event[0]);
  }

  /** The same behind events of the caller, which the queue waits for. */
  public Completion enqueue(Runnable calls, cl_event[] waitList) {
    return completion(() -> checks.during(calls), waitList);
  }

  /** Everything that was enqueued, for elements that may be bad by these. */
  Completion ready(List<FaultCheck> theirs) {
    return completion(() -> theirs, new cl_event[0]);
  }

  private Completion completion(Supplier<List<FaultCheck>> calls, cl_event[] waitList) {
    return using(
        () -> {
          context.lifetime().use();
          cl_event first = null;
          try {
            first = context.marker(waitList);
            List<FaultCheck> found = calls.get();
            return new EventCompletion(context, first, context.marker(), found);
          } catch (Throwable failed) {
            if (first != null) {
              cl_event enqueued = first;
              Calls.code(() -> CL.clReleaseEvent(enqueued));
            }
            context.lifetime().done();
            throw failed;
          }
        });
  }

  @Override
  public CallMemory memory(Problem problem, Preference preference) {
    Require.present("problem", problem);
    Require.present("preference", preference);
    return CallMemory.of(problem, PlanBuffers.bytes(launches(problem, preference)));
  }

  @Override
  public void convert(Tensor from, Tensor to) {
    Require.present("from", from);
    Require.present("to", to);
    using(
        () -> {
          Producer producer = new Producer(name(), device(), "conversion");
          LaunchPlan plan = Conversion.plan(from, to, profile);
          try (PreparedPlan prepared =
              new PreparedPlan(
                  this, producer, plan, Direction.FORWARD, false, OptionalInt.empty())) {
            Map<Role, Tensor> tensors = Map.of(Role.INPUT, from, Role.OUTPUT, to);
            prepared.run(new Arguments(tensors, Optional.empty()));
          }
          return null;
        });
  }

  @Override
  public void trim() {
    using(
        () -> {
          memory.dropKept();
          return null;
        });
  }

  @Override
  public void finish() {
    using(
        () -> {
          context.finish();
          checks.finish();
          return null;
        });
  }

  @Override
  public void close() {
    lifetime.close();
  }

  /** Knows nothing of the backend itself, which may be forgotten by everybody else. */
  private static Runnable release(
      FaultChecks checks,
      Programs programs,
      Transfers transfers,
      Memory memory,
      OpenClContext context) {
    return () ->
        Lifetime.freeAll(
            checks::close,
            programs::close,
            transfers::close,
            memory::close,
            context.lifetime()::close);
  }

  public Lifetime lifetime() {
    return lifetime;
  }

  public OpenClContext context() {
    return context;
  }

  public Transfers transfers() {
    return transfers;
  }

  KeptTables tables() {
    return tables;
  }

  FaultChecks checks() {
    return checks;
  }

  BufferChecks.Foreign foreignChecks() {
    return foreignChecks;
  }

  public Memory memory() {
    return memory;
  }

  public Programs programs() {
    return programs;
  }
}
