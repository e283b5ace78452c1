package io.github.clpool;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Lifetime;
import io.github.clpool.backend.Plan;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Problem;
import io.github.clpool.op.RandomKey;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Tensor;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The results of one call while it is set up: closes what nobody took, so that failures leak
 * nothing.
 */
final class Results implements AutoCloseable {
  private final Pooling pooling;
  private final Operator operator;
  private final Direction direction;
  private final Map<Role, Tensor> tensors;
  private final Tensor like;
  private final Set<Role> wanted = EnumSet.noneOf(Role.class);
  private final Map<Role, Tensor> made = new EnumMap<>(Role.class);

  Results(
      Pooling pooling,
      Operator operator,
      Direction direction,
      Map<Role, Tensor> given,
      Tensor like) {
    this.pooling = pooling;
    this.operator = Require.present("operator", operator);
    this.direction = direction;
    this.tensors = new EnumMap<>(given);
    this.like = like;
  }

  Results add(Role role) {
    wanted.add(role);
    return this;
  }

  Results addAll(Set<Role> roles) {
    wanted.addAll(roles);
    return this;
  }

  void compute(Optional<RandomKey> key) {
    Problem problem =
        Checks.problem(
            pooling.backend(), operator, direction, tensors, like, wanted, key.isPresent(), false);
    Plan plan = pooling.plan(problem);
    for (Role role : wanted) {
      Tensor tensor =
          pooling.allocate(
              problem.arguments().get(role),
              like.layout(),
              operator.typeOf(role, like.type()),
              plan.producer());
      made.put(role, tensor);
      tensors.put(role, tensor);
    }
    plan.run(new Arguments(tensors, key));
  }

  /** Hands every result to the caller, who closes them. */
  Map<Role, Tensor> release() {
    Map<Role, Tensor> released = new EnumMap<>(made);
    made.clear();
    return released;
  }

  /** Hands a result to the caller, who closes it. */
  Tensor release(Role role) {
    return made.remove(role);
  }

  @Override
  public void close() {
    Lifetime.freeAll(made.values(), Tensor::close);
  }
}
