package io.github.clpool.op;

import io.github.clpool.tensor.Require;
import java.util.EnumSet;
import java.util.Set;

/**
 * The logarithm of the sum of exponentials, a smooth maximum (Pinheiro and Collobert 2015): the
 * sharper, the closer to the maximum. Each method returns a changed copy. Rounding errors are
 * divided by the sharpness: in float much below 1e-2, {@link Avg} finds the mean better.
 *
 * @param sharpness what cells are multiplied with before their exponential, and the logarithm is
 *     divided by; from 2^-126 to 2^127
 * @param averages whether the sum is divided by the number of cells: between average and maximum
 *     then, not above
 */
public record LogSumExp(double sharpness, boolean averages) implements Reduction {
  private static final double LEAST = 0x1p-126; // neither 0 nor infinite in any computing type
  private static final double MOST = 0x1p127;

  /**
   * Checks the sharpness.
   *
   * @param sharpness from 2^-126 to 2^127
   * @param averages whether the sum is divided by the number of cells
   */
  public LogSumExp {
    Require.that(
        sharpness >= LEAST && sharpness <= MOST,
        "sharpness is %s, but must be from 2^-126 to 2^127",
        sharpness);
  }

  /**
   * Sets the sharpness.
   *
   * @param r from 2^-126 to 2^127
   * @return the changed copy
   * @throws IllegalArgumentException if it is out of that range
   */
  public LogSumExp sharpness(double r) {
    return new LogSumExp(r, averages);
  }

  /**
   * Divides the sum by the number of cells, as its authors do.
   *
   * @return the changed copy
   */
  public LogSumExp mean() {
    return new LogSumExp(sharpness, true);
  }

  @Override
  public Set<Role> keptForBackward() {
    return EnumSet.of(Role.INPUT);
  }

  @Override
  public String word() {
    return "log_sum_exp";
  }

  @Override
  public String toString() {
    return word()
        + (sharpness == 1 ? "" : " sharpness=" + OperatorText.text(sharpness))
        + (averages ? " mean" : "");
  }
}
