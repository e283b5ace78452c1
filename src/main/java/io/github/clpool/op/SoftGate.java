package io.github.clpool.op;

import io.github.clpool.tensor.Shape;
import java.util.EnumSet;
import java.util.Set;

/**
 * The gate that LIP puts before {@link Importance}: {@code 12 * sigmoid(z)} of each element, so
 * that the logits lie in (0, 12) and no cell outweighs another by more than e^12. Immutable.
 */
public record SoftGate() implements Operator {
  @Override
  public String name() {
    return "soft_gate";
  }

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  @Override
  public Set<Role> keptForBackward() {
    return EnumSet.of(Role.INPUT);
  }

  @Override
  public String toString() {
    return name();
  }
}
