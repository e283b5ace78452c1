package io.github.clpool.backend;

import io.github.clpool.op.RandomKey;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.Tensor;
import java.util.Map;
import java.util.Optional;

/**
 * The values of one call: checked tensors of one backend, results included. Immutable.
 *
 * @param tensors every tensor that takes part
 * @param key the key of the random draw, if the operator draws
 */
public record Arguments(Map<Role, Tensor> tensors, Optional<RandomKey> key) {
  /**
   * Copies the map.
   *
   * @param tensors every tensor that takes part
   * @param key the key of the random draw, if the operator draws
   */
  public Arguments {
    tensors = Map.copyOf(tensors);
  }

  /**
   * One tensor.
   *
   * @param role what it is
   * @return the tensor
   */
  public Tensor get(Role role) {
    Tensor tensor = tensors.get(role);
    if (tensor == null) {
      throw new IllegalStateException("no tensor in role " + role);
    }
    return tensor;
  }

  /**
   * The key of the random draw of an operator that draws.
   *
   * @return the key
   */
  public RandomKey randomKey() {
    return key.orElseThrow(() -> new IllegalStateException("the call has no random key"));
  }
}
