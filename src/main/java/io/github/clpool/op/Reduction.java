package io.github.clpool.op;

import io.github.clpool.tensor.Require;
import java.util.EnumSet;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a pooling makes of the cells of a region. Immutable values; see docs/semantics.md, section
 * 5.
 */
public sealed interface Reduction {
  /**
   * Combines this reduction with regions.
   *
   * @param regions the regions
   * @return the operator
   * @throws IllegalArgumentException if the regions contradict themselves
   */
  default Pool over(Regions regions) {
    return new Pool(this, regions);
  }

  /**
   * Whether each output is one of its region's cells, so that there are indices.
   *
   * @return true for maximum and minimum
   */
  default boolean isSelecting() {
    return false;
  }

  /**
   * The tensors besides the input that the reduction reads.
   *
   * @return the roles
   */
  default Set<Role> parameters() {
    return EnumSet.noneOf(Role.class);
  }

  /**
   * What the forward pass must keep for the backward pass.
   *
   * @return the roles; {@link Role#INDICES} for a selecting reduction
   */
  default Set<Role> keptForBackward() {
    return isSelecting() ? EnumSet.of(Role.INDICES) : EnumSet.noneOf(Role.class);
  }

  /** The maximum; NaN if any cell is NaN, +0 above -0. */
  record Max() implements Reduction {
    @Override
    public boolean isSelecting() {
      return true;
    }

    @Override
    public String toString() {
      return "max";
    }
  }

  /** The minimum; NaN if any cell is NaN, -0 below +0. */
  record Min() implements Reduction {
    @Override
    public boolean isSelecting() {
      return true;
    }

    @Override
    public String toString() {
      return "min";
    }
  }

  /** The sum. */
  record Sum() implements Reduction {
    @Override
    public String toString() {
      return "sum";
    }
  }

  /**
   * The average: the sum divided by the number of cells, with the padding of windows counted unless
   * told otherwise, or by a given divisor. Each method returns a changed copy.
   *
   * @param countsPadding whether a window's taps in the padding count
   * @param divisor the divisor instead of any count, never 0
   */
  record Avg(boolean countsPadding, OptionalInt divisor) implements Reduction {
    /**
     * Checks the divisor.
     *
     * @param countsPadding whether a window's taps in the padding count
     * @param divisor the divisor instead of any count, never 0
     */
    public Avg {
      Require.that(
          divisor.isEmpty() || divisor.getAsInt() != 0,
          "divisorOverride is 0, but must be any other number");
    }

    /**
     * Sets whether a window's taps in the padding count; without effect on other regions.
     *
     * @param counts true, the default, to count them
     * @return the changed copy
     */
    public Avg countIncludePad(boolean counts) {
      return new Avg(counts, divisor);
    }

    /**
     * Divides by a fixed number.
     *
     * @param number any number but 0
     * @return the changed copy
     */
    public Avg divisorOverride(int number) {
      return new Avg(countsPadding, OptionalInt.of(number));
    }

    @Override
    public String toString() {
      return "avg"
          + (countsPadding ? "" : " countIncludePad=false")
          + (divisor.isPresent() ? " divisorOverride=" + divisor.getAsInt() : "");
    }
  }
}
