package io.github.clpool.parity;

import io.github.clpool.Pooling;
import io.github.clpool.backend.Preference;
import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Operators;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Producer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Runs random cases on devices, every implementation that takes a case in turn, and compares with
 * the reference. Not thread-safe.
 */
public final class ParityRun {
  /**
   * What to run.
   *
   * @param operators the first words of the operators, from {@link Operators#names}
   * @param cases how many cases of each seed
   * @param seed the first seed; the same one gives the same cases
   * @param limits how large they are
   * @param seconds how long each device draws from seed after seed; 0 for one seed, however long
   */
  public record Options(
      List<String> operators, int cases, long seed, RandomCases.Limits limits, double seconds) {
    /**
     * Copies the list.
     *
     * @param operators the first words of the operators, from {@link Operators#names}
     * @param cases how many cases of each seed
     * @param seed the first seed; the same one gives the same cases
     * @param limits how large they are
     * @param seconds how long each device draws from seed after seed; 0 for one seed
     */
    public Options {
      operators = List.copyOf(operators);
    }

    /**
     * One seed, however long it takes.
     *
     * @param operators the first words of the operators, from {@link Operators#names}
     * @param cases how many cases
     * @param seed the seed
     * @param limits how large they are
     */
    public Options(List<String> operators, int cases, long seed, RandomCases.Limits limits) {
      this(operators, cases, seed, limits, 0);
    }
  }

  /** Hears about progress. */
  @FunctionalInterface
  public interface Progress {
    /**
     * A case is done.
     *
     * @param done how many are done
     * @param total how many there are of one seed, each counted once for each device
     */
    void done(long done, long total);

    /**
     * A check failed; it is shrunk after this, as far as there is time.
     *
     * @param outcome what was found
     */
    default void differs(Outcome outcome) {
      // the report has it
    }

    /**
     * The cases of a seed are done.
     *
     * @param drawn the seed
     * @param soFar what all seeds found, on all devices
     */
    default void seedDone(long drawn, ParityReport soFar) {
      // the report has it
    }
  }

  private static final int MORE = 10;
  private static final int[] ODD_WORK_GROUPS = {1, 3, 7, 33, 4096};

  private final Pooling reference;
  private final Options options;
  private final Progress progress;
  private final long total;
  private final Map<String, Counts> counts = new TreeMap<>();
  private final SortedMap<String, Integer> drawn = new TreeMap<>();
  private final List<Outcome> failures = new ArrayList<>();
  private final Set<String> used = new TreeSet<>();
  private final Set<String> unused = new TreeSet<>();
  private long refused;
  private long mismatches;
  private long done;
  private long seed;
  private long end; // of the device's time, if there is one

  private ParityRun(Pooling reference, Options options, Progress progress, int devices) {
    this.reference = reference;
    this.options = options;
    this.progress = progress;
    this.total = (long) devices * options.cases();
  }

  private static final class Counts {
    final String operator;
    final Producer producer;
    long checks;
    long mismatches;

    Counts(String operator, Producer producer) {
      this.operator = operator;
      this.producer = producer;
    }

    ParityReport.Row row() {
      String device = producer.backend().equals("opencl") ? producer.device() : producer.backend();
      return new ParityReport.Row(operator, producer.implementation(), device, checks, mismatches);
    }
  }

  /**
   * Runs.
   *
   * @param reference what is right
   * @param devices what is compared with it
   * @param options what to run
   * @param progress hears about every case
   * @return the counts, and the failures shrunk to small cases
   */
  public static ParityReport run(
      Pooling reference, List<Pooling> devices, Options options, Progress progress) {
    ParityRun run = new ParityRun(reference, options, progress, devices.size());
    devices.forEach(run::run);
    return run.report();
  }

  /** Draws from seed after seed while there is time, else from one. */
  private void run(Pooling device) {
    end = System.nanoTime() + (long) (options.seconds() * 1e9);
    seed = options.seed();
    runSeed(device);
    while (isTimed() && hasTime()) {
      seed++;
      runSeed(device);
    }
  }

  private void runSeed(Pooling device) {
    RandomCases cases = new RandomCases(seed, options.operators(), types(device), options.limits());
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < options.cases() && hasTime(); i++) {
      Case next = cases.next();
      drawn.merge(next.operator().name(), 1, Integer::sum);
      check(next, device, random);
      progress.done(++done, total);
    }
    if (!isTimed()) {
      checkUnused(cases, device, random);
    }
    progress.seedDone(seed, report());
  }

  private boolean isTimed() {
    return options.seconds() > 0;
  }

  private boolean hasTime() {
    return !isTimed() || System.nanoTime() - end < 0;
  }

  private ParityReport report() {
    List<ParityReport.Row> rows = counts.values().stream().map(Counts::row).toList();
    long checks = rows.stream().mapToLong(ParityReport.Row::checks).sum();
    return new ParityReport(
        rows, drawn, refused, checks, mismatches, failures, List.copyOf(unused));
  }

  private static List<DataType> types(Pooling device) {
    List<DataType> types = new ArrayList<>();
    for (DataType type : DataType.values()) {
      if (type != DataType.INT32 && device.refusal(type).isEmpty()) {
        types.add(type);
      }
    }
    return types;
  }

  private void check(Case subject, Pooling device, SplittableRandom random) {
    Parity parity = new Parity(subject, reference, device.keepsSubnormals());
    List<Preference> preferences = new ArrayList<>();
    for (Verdict verdict : device.explain(subject.problem())) {
      (verdict.accepted() ? used : unused).add(verdict.implementation());
      if (verdict.accepted()) {
        Preference wish = Preference.implementation(verdict.implementation());
        preferences.add(
            random.nextInt(6) == 0 ? wish.withWorkGroupSize(oddWorkGroup(subject, verdict)) : wish);
      }
    }
    unused.removeAll(used);
    boolean matches = true;
    for (Preference preference : preferences) {
      matches &= count(parity.check(device, preference), device);
    }
    refused += preferences.isEmpty() ? 1 : 0;
    mismatches += matches ? 0 : 1;
  }

  /** Draws more cases, for implementations that took none; asking is quick. */
  private void checkUnused(RandomCases cases, Pooling device, SplittableRandom random) {
    for (int i = 0; i < MORE * options.cases() && !unused.isEmpty(); i++) {
      Case next = cases.next();
      boolean wanted =
          device.explain(next.problem()).stream()
              .anyMatch(verdict -> verdict.accepted() && unused.contains(verdict.implementation()));
      if (wanted) {
        check(next, device, random);
      }
    }
  }

  /** One size for each program, since some drivers compile a kernel for each size. */
  private int oddWorkGroup(Case subject, Verdict verdict) {
    long program = seed + subject.type().ordinal() + verdict.implementation().hashCode();
    return ODD_WORK_GROUPS[(int) Math.floorMod(program, (long) ODD_WORK_GROUPS.length)];
  }

  private boolean count(Outcome outcome, Pooling device) {
    boolean backward = outcome.subject().direction() == Direction.BACKWARD;
    String operator = outcome.subject().operator().name() + (backward ? " gradient" : "");
    Producer producer = outcome.producer();
    Counts row =
        counts.computeIfAbsent(operator + " " + producer, key -> new Counts(operator, producer));
    row.checks++;
    if (!outcome.matches() && row.mismatches++ == 0) {
      progress.differs(outcome);
      failures.add(shrink(outcome, device));
    }
    return outcome.matches();
  }

  private Outcome shrink(Outcome outcome, Pooling device) {
    Preference preference = outcome.preference();
    Case smallest =
        Shrinker.shrink(
            outcome.subject(),
            candidate ->
                hasTime()
                    && accepted(candidate, device, preference)
                    && fails(candidate, device, preference));
    Outcome small = Parity.check(smallest, reference, device, preference);
    return small.matches() ? outcome : small; // a failure that comes and goes is one all the same
  }

  /** A case that the implementation rightly refuses is no simpler failure. */
  private static boolean accepted(Case subject, Pooling device, Preference preference) {
    return preference.implementation().isEmpty()
        || device.refusal(subject.type()).isEmpty()
            && device.explain(subject.problem()).stream()
                .anyMatch(
                    verdict ->
                        verdict.accepted()
                            && verdict.implementation().equals(preference.implementation().get()));
  }

  private boolean fails(Case subject, Pooling device, Preference preference) {
    return !Parity.check(subject, reference, device, preference).matches();
  }
}
