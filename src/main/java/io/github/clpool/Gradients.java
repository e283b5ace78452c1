package io.github.clpool;

import io.github.clpool.backend.Lifetime;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Tensor;
import java.util.Map;

/** All gradients of a pass. Owns them: closing it closes them. Thread-safe. */
public final class Gradients implements AutoCloseable {
  private final Map<Role, Tensor> tensors;

  Gradients(Map<Role, Tensor> tensors) {
    this.tensors = tensors;
  }

  /**
   * The gradient of the input.
   *
   * @return a tensor of the input's shape, layout and type
   */
  public Tensor input() {
    return get(Role.GRAD_INPUT);
  }

  /**
   * One of the gradients.
   *
   * @param role which one, such as {@link Role#GRAD_WEIGHTS}
   * @return the tensor
   * @throws IllegalArgumentException if the operator has no such gradient
   */
  public Tensor get(Role role) {
    Tensor tensor = tensors.get(role);
    Require.that(tensor != null, "role is %s, but must be one of %s", role, tensors.keySet());
    return tensor;
  }

  Map<Role, Tensor> tensors() {
    return tensors;
  }

  /** Closes every gradient; further calls do nothing. */
  @Override
  public void close() {
    Lifetime.freeAll(tensors.values(), Tensor::close);
  }
}
