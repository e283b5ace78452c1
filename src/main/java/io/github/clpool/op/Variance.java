package io.github.clpool.op;

import java.util.EnumSet;
import java.util.Set;

/**
 * The mean squared distance of the cells to their average, or its root, the standard deviation.
 *
 * @param root whether the output is the standard deviation
 * @param ofSample whether one cell less is divided by, so that the cells stand for what they were
 *     drawn from; a single cell is NaN then
 */
public record Variance(boolean root, boolean ofSample) implements Reduction {
  /**
   * Divides by one cell less, as PyTorch does unless told otherwise.
   *
   * @return the changed copy
   */
  public Variance sample() {
    return new Variance(root, true);
  }

  /**
   * What the sum of squares is divided by.
   *
   * @param cells the number of cells of a region
   * @return that number, or one less
   */
  public long divisor(long cells) {
    return ofSample ? cells - 1 : cells;
  }

  @Override
  public Set<Role> keptForBackward() {
    return EnumSet.of(Role.INPUT);
  }

  @Override
  public String word() {
    return root ? "std" : "variance";
  }

  @Override
  public String toString() {
    return word() + (ofSample ? " sample" : "");
  }
}
