package io.github.clpool.op;

/** The minimum; NaN if any cell is NaN, -0 below +0. */
public record Min() implements Reduction {
  @Override
  public String word() {
    return "min";
  }

  @Override
  public boolean takesBytes() {
    return true;
  }

  @Override
  public boolean isSelecting() {
    return true;
  }

  @Override
  public String toString() {
    return word();
  }
}
