package io.github.clpool.op;

/** The sum. */
public record Sum() implements Reduction {
  @Override
  public String word() {
    return "sum";
  }

  @Override
  public String toString() {
    return word();
  }
}
