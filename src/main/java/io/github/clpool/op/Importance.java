package io.github.clpool.op;

import java.util.EnumSet;
import java.util.Set;

/**
 * Local importance pooling (LIP): the average, weighted by the exponentials of logits, an input of
 * the shape of x. {@link SoftGate} bounds logits as the paper does.
 */
public record Importance() implements Reduction {
  @Override
  public String word() {
    return "importance";
  }

  @Override
  public Set<Role> parameters() {
    return EnumSet.of(Role.LOGITS);
  }

  @Override
  public Set<Role> keptForBackward() {
    return EnumSet.of(Role.INPUT, Role.LOGITS);
  }

  @Override
  public String toString() {
    return word();
  }
}
