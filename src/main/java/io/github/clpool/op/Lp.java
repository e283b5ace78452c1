package io.github.clpool.op;

import io.github.clpool.tensor.Require;
import java.util.EnumSet;
import java.util.Set;

/**
 * The p-norm: the root of the sum of powers of the magnitudes. {@code p = infinity} selects the
 * greatest magnitude, with its index. Each method returns a changed copy.
 *
 * @param p above 0, infinity too
 * @param averages whether the sum is divided by the number of cells before the root
 * @param keepsSigns whether powers are of the cells, not of their magnitudes, as in PyTorch
 */
public record Lp(double p, boolean averages, boolean keepsSigns) implements Reduction {
  /**
   * Checks p.
   *
   * @param p above 0, infinity too
   * @param averages whether the sum is divided by the number of cells before the root
   * @param keepsSigns whether powers are of the cells, not of their magnitudes, as in PyTorch
   */
  public Lp {
    Require.that(p > 0, "p is %s, but must be above 0", p);
  }

  /**
   * Divides the sum by the number of cells: p = 1 is the average then, and the greater p, the
   * closer to the maximum.
   *
   * @return the changed copy
   */
  public Lp mean() {
    return new Lp(p, true, keepsSigns);
  }

  /**
   * Sums powers of the cells instead of their magnitudes, as PyTorch does.
   *
   * @return the changed copy
   */
  public Lp signed() {
    return new Lp(p, averages, true);
  }

  @Override
  public Divisor divisorOver(Regions regions) {
    return averages && !isSelecting() ? Divisor.counting(false, regions) : Divisor.NONE;
  }

  @Override
  public String word() {
    return "lp";
  }

  @Override
  public boolean isSelecting() {
    return p == Double.POSITIVE_INFINITY;
  }

  @Override
  public Set<Role> keptForBackward() {
    return isSelecting() ? EnumSet.of(Role.INPUT, Role.INDICES) : EnumSet.of(Role.INPUT);
  }

  @Override
  public String toString() {
    return word()
        + " p="
        + OperatorText.text(p)
        + (averages ? " mean" : "")
        + (keepsSigns ? " signed" : "");
  }
}
