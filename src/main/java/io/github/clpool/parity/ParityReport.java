package io.github.clpool.parity;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a run of random cases found. Immutable.
 *
 * @param rows the counts, one row for each operator, implementation and device
 * @param drawn the number of cases of each operator, by its word, counted once for each device
 * @param refused the number of cases among them that no implementation of a device takes
 * @param checks the number of comparisons; a case is checked with every implementation that takes
 *     it
 * @param mismatches the number of cases with a check that failed
 * @param failures failed checks, shrunk; at most one for each row
 * @param unused the implementations that took none of the cases
 */
public record ParityReport(
    List<Row> rows,
    SortedMap<String, Integer> drawn,
    long refused,
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
      String operator, String implementation, String device, long checks, long mismatches) {}

  /**
   * Copies the collections.
   *
   * @param rows the counts, one row for each operator, implementation and device
   * @param drawn the number of cases of each operator, by its word, counted once for each device
   * @param refused the number of cases among them that no implementation of a device takes
   * @param checks the number of comparisons; a case is checked with every implementation that takes
   *     it
   * @param mismatches the number of cases with a check that failed
   * @param failures failed checks, shrunk; at most one for each row
   * @param unused the implementations that took none of the cases
   */
  public ParityReport {
    rows = List.copyOf(rows);
    drawn = Collections.unmodifiableSortedMap(new TreeMap<>(drawn));
    failures = List.copyOf(failures);
    unused = List.copyOf(unused);
  }

  /**
   * The number of cases of all operators.
   *
   * @return how many, counted once for each device
   */
  public long cases() {
    return drawn.values().stream().mapToLong(Integer::longValue).sum();
  }

  /** The last line: {@code N cases, M mismatches}. */
  @Override
  public String toString() {
    return cases() + " cases, " + mismatches + " mismatches";
  }
}
