package io.github.clpool.backend;

import io.github.clpool.tensor.Require;

/**
 * What an implementation says about a problem. Immutable.
 *
 * @param implementation the implementation's name
 * @param accepted whether it takes the problem
 * @param reason why, in one sentence
 */
public record Verdict(String implementation, boolean accepted, String reason) {
  /**
   * Checks that nothing is missing.
   *
   * @param implementation the implementation's name
   * @param accepted whether it takes the problem
   * @param reason why, in one sentence
   */
  public Verdict {
    Require.present("implementation", implementation);
    Require.present("reason", reason);
  }

  @Override
  public String toString() {
    return implementation + ": " + (accepted ? "accepts, " : "refuses, ") + reason;
  }
}
