package io.github.clpool.op;

/** Which way an operator runs. Immutable. */
public enum Direction {
  /** From input to output. */
  FORWARD,
  /** From the output's gradient to the gradients of the inputs. */
  BACKWARD
}
