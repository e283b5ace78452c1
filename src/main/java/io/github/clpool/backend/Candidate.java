package io.github.clpool.backend;

import io.github.clpool.tensor.Require;
import java.util.Locale;

/**
 * A device that was considered, or a reason why there was none to consider. Immutable.
 *
 * @param name the device, or the thing that was missing
 * @param verdict what became of it
 * @param reason why, in one sentence, with the fix where there is one
 */
public record Candidate(String name, Outcome verdict, String reason) {
  /** What became of a candidate. */
  public enum Outcome {
    /** It computes. */
    CHOSEN,
    /** It could have been chosen. */
    AVAILABLE,
    /** It cannot be used, or not under the policy. */
    REJECTED
  }

  /**
   * Checks that nothing is missing.
   *
   * @param name the device, or the thing that was missing
   * @param verdict what became of it
   * @param reason why, in one sentence, with the fix where there is one
   */
  public Candidate {
    Require.present("name", name);
    Require.present("verdict", verdict);
    Require.present("reason", reason);
  }

  @Override
  public String toString() {
    return name + ": " + verdict.name().toLowerCase(Locale.ROOT) + " (" + reason + ")";
  }
}
