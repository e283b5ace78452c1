package io.github.clpool.parity;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts outcomes by operator, implementation and device. Not thread-safe. */
final class ParityCounts {
  private final Map<String, ParityReport.Row> rows = new TreeMap<>();

  /**
   * Counts one more.
   *
   * @return whether it is the first of its row that differs
   */
  boolean add(Outcome outcome) {
    String key = outcome.operator() + " " + outcome.producer();
    ParityReport.Row old =
        rows.getOrDefault(
            key,
            new ParityReport.Row(
                outcome.operator(), outcome.producer().implementation(), outcome.device(), 0, 0));
    long wrong = outcome.matches() ? 0 : 1;
    rows.put(
        key,
        new ParityReport.Row(
            old.operator(),
            old.implementation(),
            old.device(),
            old.checks() + 1,
            old.mismatches() + wrong));
    return wrong == 1 && old.mismatches() == 0;
  }

  List<ParityReport.Row> rows() {
    return new ArrayList<>(rows.values());
  }
}
