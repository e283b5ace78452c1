package io.github.clpool.parity;

import io.github.clpool.tensor.Require;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a run of random cases found. Immutable.
 *
 * @param seed the first seed; the same one gives the same cases
 * @param rows the counts, one row for each operator, implementation and device
 * @param drawn the number of cases of each operator, by its word, counted once for each device
 * @param refused the number of cases among them that no implementation of a device takes
 * @param refusals the first few of them, with the reasons
 * @param checks the number of comparisons; a case is checked with every implementation that takes
 *     it
 * @param mismatches the number of cases with a check that failed
 * @param failures failed checks, shrunk; at most one for each row
 * @param unused the implementations that took none of the cases
 */
public record ParityReport(
    long seed,
    List<Row> rows,
    SortedMap<String, Integer> drawn,
    long refused,
    List<String> refusals,
    long checks,
    long mismatches,
    List<Outcome> failures,
    List<String> unused) {
  /**
   * The counts of one operator, implementation and device. Immutable.
   *
   * @param operator the operator's word, with the direction
   * @param implementation the implementation
   * @param device the device
   * @param checks how many comparisons were made
   * @param mismatches how many of them failed
   */
  public record Row(
      String operator, String implementation, String device, long checks, long mismatches) {
    /**
     * Checks that no word is missing.
     *
     * @param operator the operator's word
     * @param implementation the implementation
     * @param device the device
     * @param checks how many calls were compared
     * @param mismatches how many of them differ
     */
    public Row {
      Require.present("operator", operator);
      Require.present("implementation", implementation);
      Require.present("device", device);
    }

    /**
     * Whether an outcome is counted here.
     *
     * @param outcome the outcome
     * @return true if it is of this operator, implementation and device
     */
    public boolean isOf(Outcome outcome) {
      Require.present("outcome", outcome);
      return operator.equals(outcome.operator())
          && implementation.equals(outcome.producer().implementation())
          && device.equals(outcome.device());
    }
  }

  /**
   * Counts outcomes of single calls, which were not drawn from a seed.
   *
   * @param outcomes the outcomes
   * @return the counts; the failures are not shrunk
   */
  public static ParityReport of(List<Outcome> outcomes) {
    Require.present("outcomes", outcomes);
    ParityCounts counts = new ParityCounts();
    SortedMap<String, Integer> drawn = new TreeMap<>();
    outcomes.forEach(
        outcome -> {
          counts.add(outcome);
          drawn.merge(outcome.subject().operator().name(), 1, Integer::sum);
        });
    List<Outcome> failures = outcomes.stream().filter(outcome -> !outcome.matches()).toList();
    return new ParityReport(
        0,
        counts.rows(),
        drawn,
        0,
        List.of(),
        outcomes.size(),
        failures.size(),
        failures,
        List.of());
  }

  /**
   * Copies the collections.
   *
   * @param seed the first seed; the same one gives the same cases
   * @param rows the counts, one row for each operator, implementation and device
   * @param drawn the number of cases of each operator, by its word, counted once for each device
   * @param refused the number of cases among them that no implementation of a device takes
   * @param refusals the first few of them, with the reasons
   * @param checks the number of comparisons; a case is checked with every implementation that takes
   *     it
   * @param mismatches the number of cases with a check that failed
   * @param failures failed checks, shrunk; at most one for each row
   * @param unused the implementations that took none of the cases
   */
  public ParityReport {
    rows = List.copyOf(Require.present("rows", rows));
    drawn = Collections.unmodifiableSortedMap(new TreeMap<>(Require.present("drawn", drawn)));
    refusals = List.copyOf(Require.present("refusals", refusals));
    failures = List.copyOf(Require.present("failures", failures));
    unused = List.copyOf(Require.present("unused", unused));
  }

  /**
   * The number of cases of all operators.
   *
   * @return how many, counted once for each device
   */
  public long cases() {
    return drawn.values().stream().mapToLong(Integer::longValue).sum();
  }

  /**
   * Fails a test unless something was compared and everything had the same bits.
   *
   * @throws AssertionError with seed, counts and every shrunk failure, each with what repeats it
   */
  public void assertEqual() {
    if (mismatches > 0 || checks == 0) {
      StringBuilder message = new StringBuilder("seed ").append(seed).append(": ").append(this);
      if (checks == 0) {
        message.append(", but nothing was compared: ").append(refused).append(" cases refused");
        refusals.forEach(refusal -> message.append("\n").append(refusal));
      }
      failures.forEach(
          failure ->
              message.append("\n").append(failure).append("\nagain: ").append(failure.command()));
      throw new AssertionError(message.toString());
    }
  }

  /** The last line: {@code N cases, M mismatches}. */
  @Override
  public String toString() {
    return cases() + " cases, " + mismatches + " mismatches";
  }
}
