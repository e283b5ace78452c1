package io.github.clpool.op;

/** The maximum; NaN if any cell is NaN, +0 above -0. */
public record Max() implements Reduction {
  @Override
  public String word() {
    return "max";
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
