package io.github.clpool.op;

/**
 * The median; of an even number of cells the lower of the two in the middle, as PyTorch's. NaN if
 * any cell is NaN; -0 is below +0.
 */
public record Median() implements Reduction {
  @Override
  public boolean isSelecting() {
    return true;
  }

  @Override
  public boolean takesBytes() {
    return true;
  }

  @Override
  public String word() {
    return "median";
  }

  @Override
  public String toString() {
    return word();
  }
}
