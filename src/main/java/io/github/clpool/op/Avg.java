package io.github.clpool.op;

import io.github.clpool.tensor.Require;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The average: the sum divided by the number of cells, with the padding of windows counted unless
 * told otherwise, or by a given divisor. Padding that {@code same} windows choose themselves is
 * counted only where that is asked for. Each method returns a changed copy.
 *
 * @param countIncludePad whether a window's taps in the padding count; empty for those of explicit
 *     padding only
 * @param divisor the divisor instead of any count, never 0
 */
public record Avg(Optional<Boolean> countIncludePad, OptionalInt divisor) implements Reduction {
  /**
   * Checks the divisor.
   *
   * @param countIncludePad whether a window's taps in the padding count; empty for those of
   *     explicit padding only
   * @param divisor the divisor instead of any count, never 0
   */
  public Avg {
    Require.present("countIncludePad", countIncludePad);
    Require.present("divisorOverride", divisor);
    Require.that(
        divisor.isEmpty() || divisor.getAsInt() != 0,
        "divisorOverride is 0, but must be any other number");
  }

  /**
   * Sets whether a window's taps in the padding count, that of {@code same} windows too; without
   * effect on other regions.
   *
   * @param counts true to count them
   * @return the changed copy
   */
  public Avg countIncludePad(boolean counts) {
    return new Avg(Optional.of(counts), divisor);
  }

  /**
   * Divides by a fixed number.
   *
   * @param number any number but 0
   * @return the changed copy
   */
  public Avg divisorOverride(int number) {
    return new Avg(countIncludePad, OptionalInt.of(number));
  }

  @Override
  public Divisor divisorOver(Regions regions) {
    return Divisor.of(this, regions);
  }

  @Override
  public String word() {
    return "avg";
  }

  @Override
  public boolean takesBytes() {
    return true;
  }

  @Override
  public String toString() {
    return word()
        + countIncludePad.map(counts -> " countIncludePad=" + counts).orElse("")
        + (divisor.isPresent() ? " divisorOverride=" + divisor.getAsInt() : "");
  }
}
