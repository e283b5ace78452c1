package io.github.clpool.op;

import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The generalised mean: as the p-norm's mean, but with p an input, {@link Role#WEIGHTS}, one number
 * or one for each channel, that has a gradient. Cells below eps count as eps.
 *
 * @param eps above 0
 */
public record Gem(double eps) implements Reduction {
  /** The eps unless another is given. */
  static final double USUAL_EPS = 1e-6;

  /**
   * Checks eps.
   *
   * @param eps above 0
   */
  public Gem {
    Require.that(
        eps > 0 && eps < Double.POSITIVE_INFINITY,
        "eps is %s, but must be above 0 and finite",
        eps);
  }

  /**
   * Sets the least that a cell counts as.
   *
   * @param least above 0, finite
   * @return the changed copy
   */
  public Gem eps(double least) {
    return new Gem(least);
  }

  @Override
  public String word() {
    return "gem";
  }

  @Override
  public Set<Role> parameters() {
    return EnumSet.of(Role.WEIGHTS);
  }

  @Override
  public List<Shape> weights(Shape input, Regions regions) {
    Require.present("input", input);
    return List.of(Shape.array(1), Shape.array(input.c()));
  }

  @Override
  public Set<Role> keptForBackward() {
    return EnumSet.of(Role.INPUT, Role.WEIGHTS);
  }

  @Override
  public String toString() {
    return word() + (eps == USUAL_EPS ? "" : " eps=" + eps);
  }
}
