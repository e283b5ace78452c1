package io.github.clpool.op;

import java.util.EnumSet;
import java.util.Set;

/**
 * The average weighted by the exponentials of the cells (SoftPool).
 *
 * @param exact whether the gradient is the derivative; else that of the paper, which takes the
 *     weights for constants
 */
public record Soft(boolean exact) implements Reduction {
  /**
   * Takes the gradient of the paper and its CUDA implementation.
   *
   * @return the changed copy
   */
  public Soft paperGradient() {
    return new Soft(false);
  }

  @Override
  public String word() {
    return "soft";
  }

  @Override
  public Set<Role> keptForBackward() {
    return EnumSet.of(Role.INPUT);
  }

  @Override
  public String toString() {
    return word() + (exact ? "" : " paperGradient");
  }
}
