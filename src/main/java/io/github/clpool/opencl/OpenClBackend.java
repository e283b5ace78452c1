package io.github.clpool.opencl;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Backend;
import io.github.clpool.backend.Chooser;
import io.github.clpool.backend.Implementation;
import io.github.clpool.backend.Lifetime;
import io.github.clpool.backend.Preference;
import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Problem;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Producer;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Storage;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * One OpenCL device. Calls return when the work is enqueued; reading a tensor waits. Plans and
 * programs are made once and kept. Thread-safe.
 */
public final class OpenClBackend implements Backend {
  private static final int MOST_PLANS = 256;

  private final OpenClContext context;
  private final Memory memory;
  private final Transfers transfers;
  private final Programs programs;
  private final DeviceProfile profile;
  private final BiFunction<Operator, DeviceProfile.Kind, List<OpenClImplementation>>
      implementations;
  private final Cache<Key, PreparedPlan> plans =
      new Cache<>(MOST_PLANS, key -> prepare(key, profile()), PreparedPlan::close);
  private final Lifetime lifetime;

  /** What a prepared plan depends on, for one device. */
  private record Key(Problem problem, Preference preference) {}

  OpenClBackend(
      OpenClContext context,
      BiFunction<Operator, DeviceProfile.Kind, List<OpenClImplementation>> implementations) {
    this.context = context;
    this.memory = new Memory(context);
    this.transfers = new Transfers(context);
    this.programs = new Programs(context);
    this.implementations = implementations;
    this.lifetime = new Lifetime(context.properties().label(), this::release);
    try {
      this.profile = SelfTest.profile(context, programs, memory, transfers);
    } catch (RuntimeException failed) {
      lifetime.close();
      throw failed;
    }
  }

  static OpenClBackend open(OpenClDevice device) {
    return new OpenClBackend(OpenClContext.create(device), OpenClImplementations::of);
  }

  @Override
  public String name() {
    return "opencl";
  }

  @Override
  public String device() {
    return context.properties().label();
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
    return type == DataType.FLOAT64 && !profile.hasDouble()
        ? Optional.of("the device has no fp64 that works, and FLOAT64 is never computed in float")
        : Optional.empty();
  }

  @Override
  public boolean keepsSubnormals() {
    return profile.keepsSubnormals();
  }

  @Override
  public Storage allocate(DataType type, long elements) {
    return using(() -> OpenClStorage.allocate(this, transfers, memory, type, elements));
  }

  @Override
  public List<Verdict> explain(Problem problem) {
    return chooser(problem, profile).explain(problem);
  }

  private Chooser<DeviceProfile, LaunchPlan> chooser(Problem problem, DeviceProfile device) {
    return new Chooser<>(
        device, List.copyOf(implementations.apply(problem.operator(), device.kind())));
  }

  @Override
  public Producer choose(Problem problem, Preference preference) {
    return using(
        () ->
            hasNoResults(problem)
                ? producer(chooser(problem, profile).choose(problem, preference))
                : plans.get(new Key(problem, preference)).producer());
  }

  private Producer producer(Implementation<DeviceProfile, LaunchPlan> implementation) {
    return new Producer(name(), device(), implementation.name());
  }

  /** A kernel's own limit shows when it is built: then the plan is made again, for that. */
  private PreparedPlan prepare(Key key, DeviceProfile device) {
    Problem problem = key.problem();
    var implementation = chooser(problem, device).choose(problem, key.preference());
    try {
      return new PreparedPlan(
          producer(implementation),
          implementation.plan(problem, device),
          key.preference().workGroupSize(),
          context,
          memory,
          programs,
          transfers);
    } catch (WorkGroupException tooLarge) {
      return prepare(key, device.withMaxWorkGroup(tooLarge.most()));
    }
  }

  @Override
  public void run(Problem problem, Arguments arguments, Preference preference) {
    using(
        () -> {
          if (hasNoResults(problem)) {
            return chooser(problem, profile).choose(problem, preference);
          }
          Key key = new Key(problem, preference);
          PreparedPlan plan = plans.get(key);
          while (!plan.lifetime().tryUse()) { // dropped by the cache since
            plan = plans.get(key);
          }
          try {
            checkWritable(arguments, problem.direction());
            plan.run(arguments);
          } finally {
            plan.lifetime().done();
          }
          return plan;
        });
  }

  private static void checkWritable(Arguments arguments, Direction direction) {
    arguments
        .tensors()
        .forEach(
            (role, tensor) -> {
              Require.that(
                  !role.isResult(direction) || ((OpenClStorage) tensor.storage()).isWritable(),
                  "%s is in memory made with CL_MEM_READ_ONLY, but must be writable",
                  role.words());
            });
  }

  /** True for an empty batch: there is nothing to compute. */
  private static boolean hasNoResults(Problem problem) {
    return problem.arguments().entrySet().stream()
        .filter(argument -> argument.getKey().isResult(problem.direction()))
        .allMatch(result -> result.getValue().elements() == 0);
  }

  private <R> R using(Supplier<R> action) {
    lifetime.use();
    try {
      return action.get();
    } finally {
      lifetime.done();
    }
  }

  @Override
  public void finish() {
    using(
        () -> {
          context.finish();
          return null;
        });
  }

  @Override
  public void close() {
    lifetime.close();
  }

  private void release() {
    plans.clear();
    programs.close();
    memory.close();
    context.lifetime().close();
  }

  OpenClContext context() {
    return context;
  }

  Transfers transfers() {
    return transfers;
  }

  Memory memory() {
    return memory;
  }

  Programs programs() {
    return programs;
  }
}
