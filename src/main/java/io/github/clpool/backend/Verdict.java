package io.github.clpool.backend;

/**
 * What an implementation says about a problem. Immutable.
 *
 * @param implementation the implementation's name
 * @param accepted whether it takes the problem
 * @param reason why, in one sentence
 */
public record Verdict(String implementation, boolean accepted, String reason) {
  @Override
  public String toString() {
    return implementation + ": " + (accepted ? "accepts, " : "refuses, ") + reason;
  }
}
