package io.github.clpool.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/** What was found of a case. Not thread-safe. */
final class PeerRow {
  static final String OURS = "clpool";

  private final PeerCase subject;
  private final Map<String, Double> seconds = new LinkedHashMap<>();
  private final Map<String, String> lacking = new LinkedHashMap<>();
  private boolean wrong;

  PeerRow(PeerCase subject) {
    this.subject = subject;
  }

  void took(String library, double time) {
    seconds.put(library, time);
  }

  void lacks(String library, String why) {
    lacking.put(library, why);
  }

  void differs(String library, String how) {
    lacking.put(library, how);
    wrong = true;
  }

  PeerCase subject() {
    return subject;
  }

  /** Why a library has no number, by its name. */
  Map<String, String> lacking() {
    return lacking;
  }

  /** Whether a result differs from ours. */
  boolean isWrong() {
    return wrong;
  }

  double ours() {
    return seconds.get(OURS);
  }

  /** A library's time by ours: below 1 it is faster. */
  OptionalDouble ratio(String library) {
    Double time = seconds.get(library);
    return time == null ? OptionalDouble.empty() : OptionalDouble.of(time / ours());
  }
}
