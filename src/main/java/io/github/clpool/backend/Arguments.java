package io.github.clpool.backend;

import io.github.clpool.op.RandomKey;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Tensor;
import java.util.AbstractMap;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The values of one call: checked tensors of one backend, results included. Immutable. */
public final class Arguments {
  private static final Role[] ROLES = Role.values();

  private final Tensor[] tensors; // by role
  private final RandomKey key; // null without one

  /**
   * Copies the map.
   *
   * @param tensors every tensor that takes part
   * @param key the key of the random draw, if the operator draws
   */
  public Arguments(Map<Role, Tensor> tensors, Optional<RandomKey> key) {
    Require.present("tensors", tensors);
    this.tensors = new Tensor[ROLES.length];
    tensors.forEach((role, tensor) -> this.tensors[role.ordinal()] = tensor);
    this.key = Require.present("key", key).orElse(null);
  }

  /**
   * Takes an array, which must not be changed during the call.
   *
   * @param tensors as many as there are roles, each at its role's position, null in those that take
   *     no part
   * @param key the key of the random draw, or null
   */
  public Arguments(Tensor[] tensors, RandomKey key) {
    this.tensors = Require.present("tensors", tensors);
    this.key = key;
  }

  /**
   * Whether a tensor takes part.
   *
   * @param role what it would be
   * @return true if there is one
   */
  public boolean has(Role role) {
    return tensors[Require.present("role", role).ordinal()] != null;
  }

  /**
   * One tensor.
   *
   * @param role what it is
   * @return the tensor
   */
  public Tensor get(Role role) {
    Tensor tensor = tensors[Require.present("role", role).ordinal()];
    if (tensor == null) {
      throw new IllegalStateException("no tensor in role " + role);
    }
    return tensor;
  }

  /**
   * Every tensor that takes part.
   *
   * @return an unmodifiable map
   */
  public Map<Role, Tensor> tensors() {
    return new View();
  }

  /** Costs nothing until it is used: most operators look at no values. */
  private final class View extends AbstractMap<Role, Tensor> {
    @Override
    public Tensor get(Object role) {
      return role instanceof Role known ? tensors[known.ordinal()] : null;
    }

    @Override
    public boolean containsKey(Object role) {
      return get(role) != null;
    }

    @Override
    public Set<Entry<Role, Tensor>> entrySet() {
      Map<Role, Tensor> map = new EnumMap<>(Role.class);
      for (Role role : ROLES) {
        if (has(role)) {
          map.put(role, tensors[role.ordinal()]);
        }
      }
      return Collections.unmodifiableMap(map).entrySet();
    }
  }

  /**
   * The key of the random draw.
   *
   * @return the key, if the call has one
   */
  public Optional<RandomKey> key() {
    return Optional.ofNullable(key);
  }

  /**
   * The key of the random draw of an operator that draws.
   *
   * @return the key
   */
  public RandomKey randomKey() {
    if (key == null) {
      throw new IllegalStateException("the call has no random key");
    }
    return key;
  }
}
