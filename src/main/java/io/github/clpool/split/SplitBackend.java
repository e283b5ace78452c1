package io.github.clpool.split;

import io.github.clpool.backend.Backend;
import io.github.clpool.backend.CallMemory;
import io.github.clpool.backend.Device;
import io.github.clpool.backend.Lifetime;
import io.github.clpool.backend.Plan;
import io.github.clpool.backend.Preference;
import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Problem;
import io.github.clpool.tensor.Completion;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Producer;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Storage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Several devices as one. Calls return when all of their results are there, or none. Thread-safe.
 */
public final class SplitBackend implements Backend {
  private final List<Backend> devices;
  private final double[] speeds;

  /**
   * Measures the devices, and owns them from now on.
   *
   * @param devices the devices, two at least; they are closed if one of them fails
   * @return the backend
   */
  public static SplitBackend measured(List<? extends Backend> devices) {
    try {
      // the JVM computes while it is called: the others must have begun
      List<Backend> ordered =
          devices.stream()
              .sorted(Comparator.comparing(each -> each.description().kind() == Device.Kind.JVM))
              .collect(Collectors.toUnmodifiableList());
      return new SplitBackend(ordered, ordered.stream().mapToDouble(Speed::of).toArray());
    } catch (Throwable failed) {
      Lifetime.freeAll(devices, Backend::close);
      throw failed;
    }
  }

  /** The same with known speeds. */
  SplitBackend(List<Backend> devices, double... speeds) {
    this.devices = List.copyOf(devices);
    this.speeds = speeds.clone();
  }

  List<Backend> devices() {
    return devices;
  }

  @Override
  public String name() {
    return "split";
  }

  @Override
  public String device() {
    return devices.stream().map(Backend::device).collect(Collectors.joining(" + "));
  }

  /**
   * How much of a batch a device gets.
   *
   * @param device its name
   * @return a part of 1
   */
  public double part(String device) {
    double its =
        IntStream.range(0, speeds.length)
            .filter(i -> devices.get(i).device().equals(device))
            .mapToDouble(i -> speeds[i])
            .sum();
    return its / Arrays.stream(speeds).sum();
  }

  @Override
  public Device description() {
    List<Device> all = devices.stream().map(Backend::description).toList();
    Device fastest = all.get(fastest(speeds));
    Map<String, String> arithmetic = new LinkedHashMap<>();
    all.forEach(
        each ->
            each.arithmetic()
                .forEach((what, found) -> arithmetic.put(each.name() + ", " + what, found)));
    return new Device(
        name(),
        device(),
        fastest.kind(),
        all.stream().mapToInt(Device::computeUnits).sum(),
        all.stream().mapToLong(Device::memory).sum(),
        fastest.maxAllocation(),
        all.stream().mapToLong(Device::maxWorkGroup).min().orElseThrow(),
        all.stream().mapToLong(Device::localMemory).min().orElseThrow(),
        arithmetic);
  }

  @Override
  public Optional<String> refusal(DataType type) {
    Require.present("type", type);
    List<Optional<String>> refusals = devices.stream().map(each -> each.refusal(type)).toList();
    return refusals.stream().allMatch(Optional::isPresent) ? refusals.get(0) : Optional.empty();
  }

  @Override
  public boolean keepsSubnormals() {
    return devices.stream().allMatch(Backend::keepsSubnormals);
  }

  @Override
  public Storage allocate(Shape shape, Layout layout, DataType type) {
    Require.present("shape", shape);
    Require.present("layout", layout);
    Require.present("type", type);
    return new SplitStorage(this, shape, layout, type);
  }

  /** Where most calls will need a tensor, as far as that is known before. */
  List<Part> usualParts(Shape shape, DataType type) {
    double[] takers = speeds(i -> devices.get(i).refusal(type).isEmpty());
    List<Share> whole = Share.whole(fastest(takers), 1);
    return shape.hasPlanes() && shape.n() > 1
        ? Part.ofBatch(shape, Share.of(shape.n(), takers))
        : Part.copies(shape, whole);
  }

  /** The speeds of some devices, 0 for the others. */
  private double[] speeds(IntPredicate takes) {
    double[] some = new double[speeds.length];
    Arrays.setAll(some, i -> takes.test(i) ? speeds[i] : 0);
    return some;
  }

  private static int fastest(double... speeds) {
    return IntStream.range(0, speeds.length)
        .boxed()
        .max(Comparator.comparingDouble(i -> speeds[i]))
        .orElseThrow();
  }

  private List<Share> shares(Problem problem, Preference preference) {
    Require.present("problem", problem);
    Require.present("preference", preference);
    double[] takers = speeds(i -> takes(devices.get(i), problem, preference));
    boolean somebody = Arrays.stream(takers).sum() > 0; // else the fastest says why not
    return somebody && SplitProblem.isPossible(problem)
        ? Share.of(problem.input().n(), takers)
        : Share.whole(fastest(somebody ? takers : speeds), 1);
  }

  private static boolean takes(Backend device, Problem problem, Preference preference) {
    return device.refusal(problem.type()).isEmpty()
        && device.explain(problem).stream()
            .anyMatch(
                verdict ->
                    verdict.accepted()
                        && preference
                            .implementation()
                            .map(verdict.implementation()::equals)
                            .orElse(true));
  }

  /** One verdict for each name; one that accepts, if a device has it. */
  @Override
  public List<Verdict> explain(Problem problem) {
    Require.present("problem", problem);
    Map<String, Verdict> verdicts = new LinkedHashMap<>();
    for (Backend device : devices) {
      for (Verdict each : device.explain(problem)) {
        Verdict named =
            new Verdict(
                each.implementation(), each.accepted(), each.reason() + ", on " + device.device());
        verdicts.merge(each.implementation(), named, (a, b) -> a.accepted() ? a : b);
      }
    }
    return List.copyOf(verdicts.values());
  }

  @Override
  public Plan plan(Problem problem, Preference preference) {
    List<Share> shares = shares(problem, preference);
    List<Plan> plans = new ArrayList<>();
    try {
      for (Share share : shares) {
        plans.add(plan(problem, shares, share, preference));
      }
    } catch (Throwable failed) {
      Lifetime.freeAll(plans, Plan::close);
      throw failed;
    }
    return new SplitPlan(devices, problem, shares, plans, producer(plans));
  }

  private Plan plan(Problem problem, List<Share> shares, Share share, Preference preference) {
    Backend device = devices.get(share.device());
    try {
      return device.plan(ofShare(problem, shares, share), preference);
    } catch (RuntimeException failed) {
      throw ShareFailure.of(share, device, failed);
    }
  }

  private static Problem ofShare(Problem problem, List<Share> shares, Share share) {
    return shares.size() == 1 ? problem : SplitProblem.ofShare(problem, share);
  }

  private Producer producer(List<Plan> plans) {
    return plans.size() == 1
        ? plans.get(0).producer()
        : new Producer(
            name(),
            plans.stream().map(plan -> plan.producer().device()).collect(Collectors.joining(" + ")),
            plans.stream()
                .map(plan -> plan.producer().implementation())
                .distinct()
                .collect(Collectors.joining(" + ")));
  }

  /** What all devices need together; results are held twice until a call is done. */
  @Override
  public CallMemory memory(Problem problem, Preference preference) {
    List<Share> shares = shares(problem, preference);
    CallMemory all =
        shares.stream()
            .map(
                share ->
                    devices.get(share.device()).memory(ofShare(problem, shares, share), preference))
            .reduce(new CallMemory(0, 0, 0), CallMemory::plus);
    return all.plus(new CallMemory(0, 0, all.results()));
  }

  @Override
  public void trim() {
    devices.forEach(Backend::trim);
  }

  @Override
  public Completion enqueue(Runnable calls) {
    return Completion.after(calls);
  }

  @Override
  public void finish() {
    devices.forEach(Backend::finish);
  }

  @Override
  public void close() {
    Lifetime.freeAll(devices, Backend::close);
  }
}
