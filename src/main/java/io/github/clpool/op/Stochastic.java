package io.github.clpool.op;

import java.util.EnumSet;
import java.util.Set;

/**
 * A cell of each region drawn at random, with a probability proportional to its value (Zeiler and
 * Fergus 2013). Negative cells count as 0; where nothing is positive the output is 0 and no cell is
 * selected. The same key draws the same cells on every device.
 *
 * @param expects whether the output is not drawn, but what the draws are on average: the average
 *     weighted by the cells themselves
 */
public record Stochastic(boolean expects) implements Reduction {
  /**
   * Takes the mean of all draws, as for inference; no key is needed, and there are no indices.
   *
   * @return the changed copy
   */
  public Stochastic expected() {
    return new Stochastic(true);
  }

  @Override
  public String word() {
    return "stochastic";
  }

  @Override
  public boolean isSelecting() {
    return !expects;
  }

  @Override
  public boolean draws(Direction direction, Set<Role> given) {
    return !expects && direction == Direction.FORWARD;
  }

  @Override
  public Set<Role> keptForBackward() {
    return EnumSet.of(expects ? Role.INPUT : Role.INDICES);
  }

  @Override
  public String toString() {
    return word() + (expects ? " expected" : "");
  }
}
