package io.github.clpool.parity;

import io.github.clpool.Pooling;
import io.github.clpool.backend.Preference;
import io.github.clpool.backend.RefusedException;
import io.github.clpool.backend.Verdict;
import io.github.clpool.tensor.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Runs cases on devices, every implementation that takes a case in turn, and compares with the
 * reference. Not thread-safe.
 */
final class ParityRun {
  /**
   * What to run.
   *
   * @param space what random cases are drawn from
   * @param repeated the cases to run instead; empty to draw some
   * @param cases how many cases of each seed
   * @param seed the first seed; the same one gives the same cases
   * @param seconds how long each device draws from seed after seed; 0 for one seed, however long
   */
  record Options(CaseSpace space, List<Case> repeated, int cases, long seed, double seconds) {}

  private static final int MORE = 10;
  private static final int SHOWN = 5;
  private static final int[] ODD_WORK_GROUPS = {1, 3, 7, 33, 4096};

  private final Pooling reference;
  private final Options options;
  private final ParityProgress progress;
  private final long total;
  private final ParityCounts counts = new ParityCounts();
  private final SortedMap<String, Integer> drawn = new TreeMap<>();
  private final List<Outcome> failures = new ArrayList<>();
  private final List<String> refusals = new ArrayList<>();
  private final Set<String> used = new TreeSet<>();
  private final Set<String> unused = new TreeSet<>();
  private long refused;
  private long mismatches;
  private long done;
  private long seed;
  private long end; // of the device's time, if there is one

  private ParityRun(Pooling reference, Options options, ParityProgress progress, int devices) {
    this.reference = reference;
    this.options = options;
    this.progress = progress;
    int each = options.repeated().isEmpty() ? options.cases() : options.repeated().size();
    this.total = (long) devices * each;
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
  static ParityReport run(
      Pooling reference, List<Pooling> devices, Options options, ParityProgress progress) {
    ParityRun run = new ParityRun(reference, options, progress, devices.size());
    devices.forEach(run::run);
    return run.report();
  }

  /** Draws from seed after seed while there is time, else from one. */
  private void run(Pooling device) {
    end = System.nanoTime() + (long) (options.seconds() * 1e9);
    seed = options.seed();
    if (!options.repeated().isEmpty()) {
      repeat(device);
      return;
    }
    runSeed(device);
    while (isTimed() && hasTime()) {
      seed++;
      runSeed(device);
    }
  }

  private void repeat(Pooling device) {
    SplittableRandom random = new SplittableRandom(seed);
    for (Case each : options.repeated()) {
      check(each, device, random);
    }
    progress.seedDone(seed, report());
  }

  private void runSeed(Pooling device) {
    CaseSpace space = options.space().ofTypes(types(device));
    RandomCases cases = new RandomCases(seed, space);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < options.cases() && hasTime(); i++) {
      check(cases.next(), device, random);
    }
    for (int i = 1; i <= MORE && !isTimed() && !unused.isEmpty(); i++) {
      checkUnused(new RandomCases(seed + i, space), device, random);
    }
    progress.seedDone(seed, report());
  }

  private static String refusal(Case subject, Pooling device) {
    return device.explain(subject.problem()).stream()
        .map(verdict -> verdict.implementation() + ": " + verdict.reason())
        .collect(
            Collectors.joining("; ", subject + " on " + device.selection().device() + ": ", ""));
  }

  private boolean isTimed() {
    return options.seconds() > 0;
  }

  private boolean hasTime() {
    return !isTimed() || System.nanoTime() - end < 0;
  }

  private ParityReport report() {
    List<ParityReport.Row> rows = counts.rows();
    long checks = rows.stream().mapToLong(ParityReport.Row::checks).sum();
    return new ParityReport(
        options.seed(),
        rows,
        drawn,
        refused,
        refusals,
        checks,
        mismatches,
        failures,
        List.copyOf(unused));
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
    drawn.merge(subject.operator().name(), 1, Integer::sum);
    compare(subject, device, random);
    progress.done(++done, total);
  }

  private void compare(Case subject, Pooling device, SplittableRandom random) {
    Comparison comparison = new Comparison(subject, reference, device.keepsSubnormals());
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
    preferences.removeIf(preference -> !takes(subject, device, preference));
    boolean matches = true;
    for (Preference preference : preferences) {
      matches &= count(comparison.check(device, preference), device);
    }
    if (preferences.isEmpty() && ++refused <= SHOWN) {
      refusals.add(refusal(subject, device));
    }
    mismatches += matches ? 0 : 1;
  }

  /** Draws other cases, for implementations that took none; asking is quick. */
  private void checkUnused(RandomCases cases, Pooling device, SplittableRandom random) {
    for (int i = 0; i < options.cases() && !unused.isEmpty(); i++) {
      Case next = cases.next();
      boolean wanted =
          device.explain(next.problem()).stream()
              .anyMatch(verdict -> verdict.accepted() && unused.contains(verdict.implementation()));
      if (wanted) {
        compare(next, device, random);
      }
    }
  }

  /** One size for each program, since some drivers compile a kernel for each size. */
  private int oddWorkGroup(Case subject, Verdict verdict) {
    long program = seed + subject.type().ordinal() + verdict.implementation().hashCode();
    return ODD_WORK_GROUPS[(int) Math.floorMod(program, (long) ODD_WORK_GROUPS.length)];
  }

  private boolean count(Outcome outcome, Pooling device) {
    if (counts.add(outcome)) {
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
                    && options.space().has(candidate)
                    && accepted(candidate, device, preference)
                    && fails(candidate, device, preference));
    Outcome small = check(smallest, device, preference);
    return small.matches() ? outcome : small; // a failure that comes and goes is one all the same
  }

  /** A case that the implementation rightly refuses is no simpler failure. */
  private static boolean accepted(Case subject, Pooling device, Preference preference) {
    return device.refusal(subject.type()).isEmpty() && takes(subject, device, preference);
  }

  /** Whether an implementation still takes a case once it is known which work-groups it gets. */
  private static boolean takes(Case subject, Pooling device, Preference preference) {
    try {
      device.with(preference).choose(subject.problem());
      return true;
    } catch (RefusedException refused) {
      return false;
    } catch (RuntimeException failed) {
      return true; // which the comparison will find
    }
  }

  private Outcome check(Case subject, Pooling device, Preference preference) {
    return new Comparison(subject, reference, device.keepsSubnormals()).check(device, preference);
  }

  private boolean fails(Case subject, Pooling device, Preference preference) {
    return !check(subject, device, preference).matches();
  }
}
