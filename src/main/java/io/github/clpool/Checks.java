package io.github.clpool;

import io.github.clpool.backend.Backend;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Storage;
import io.github.clpool.tensor.Tensor;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Checks the tensors of a call against its operator and makes the problem. */
final class Checks {
  private Checks() {}

  /** The tensor that says shape, layout and type of the input: the input or its gradient. */
  static Tensor inputLike(Map<Role, Tensor> tensors) {
    Tensor like = tensors.getOrDefault(Role.INPUT, tensors.get(Role.GRAD_INPUT));
    return Require.present("input", like);
  }

  static Problem problem(
      Backend backend,
      Operator operator,
      Direction direction,
      Map<Role, Tensor> tensors,
      boolean hasKey,
      boolean accumulate) {
    Require.present("operator", operator);
    Tensor like = inputLike(tensors);
    Map<Role, Shape> shapes = given(backend, operator, direction, tensors, like, hasKey);
    for (Role role : needed(operator, direction)) {
      checkPresent(role, shapes, operator);
    }
    if (direction == Direction.FORWARD) {
      Require.that(
          !shapes.containsKey(Role.INDICES) || operator.hasIndices(),
          "indices are asked for, but %s selects no cells",
          operator);
    }
    checkSharing(direction, tensors);
    return new Problem(
        operator, direction, like.shape(), like.layout(), like.type(), shapes, accumulate);
  }

  /** Checks what a call is given, as far as its results need not be there; returns the shapes. */
  static Map<Role, Shape> given(
      Backend backend,
      Operator operator,
      Direction direction,
      Map<Role, Tensor> tensors,
      Tensor like,
      boolean hasKey) {
    checkType(backend, like.type());
    Map<Role, Shape> shapes = new EnumMap<>(Role.class);
    tensors.forEach(
        (role, tensor) -> shapes.put(role, Require.present(role.words(), tensor).shape()));
    Map<Role, Shape> known = new EnumMap<>(shapes);
    known.put(Role.INPUT, like.shape());
    for (Role role : shapes.keySet()) {
      checkTensor(backend, operator, role, tensors.get(role), like, known);
    }
    for (Role role : needed(operator, direction)) {
      if (!role.isResult(direction)) {
        checkPresent(role, shapes, operator);
      }
    }
    Require.that(
        hasKey || !operator.draws(direction, shapes.keySet()),
        "key is missing, but %s draws random numbers",
        operator);
    return shapes;
  }

  private static void checkPresent(Role role, Map<Role, Shape> shapes, Operator operator) {
    Require.that(
        shapes.containsKey(role), "%s is missing, but %s needs it", role.words(), operator);
  }

  private static Set<Role> needed(Operator operator, Direction direction) {
    boolean forward = direction == Direction.FORWARD;
    Set<Role> needed = forward ? EnumSet.of(Role.INPUT, Role.OUTPUT) : EnumSet.of(Role.GRAD_OUTPUT);
    needed.addAll(forward ? operator.parameters() : operator.keptForBackward());
    return needed;
  }

  static void checkType(Backend backend, DataType type) {
    Require.that(
        type.isFloatingPoint(), "type of the input is %s, but must be a floating-point type", type);
    backend
        .refusal(type)
        .ifPresent(
            reason -> {
              throw new IllegalArgumentException(
                  "type is "
                      + type
                      + ", but "
                      + backend.device()
                      + " cannot compute it: "
                      + reason);
            });
  }

  private static void checkTensor(
      Backend backend,
      Operator operator,
      Role role,
      Tensor tensor,
      Tensor like,
      Map<Role, Shape> given) {
    Storage storage = tensor.storage();
    Require.that(
        storage.owner() == backend,
        "%s belongs to another Pooling, but must be made by this one (%s on %s)",
        role.words(),
        backend.name(),
        backend.device());
    operator.checkShape(role, given);
    DataType type = operator.typeOf(role, like.type());
    Require.that(
        tensor.type() == type,
        "%s has type %s, but must have %s for an input of %s",
        role.words(),
        tensor.type(),
        type,
        like.type());
    Layout layout = like.layout();
    Require.that(
        !tensor.shape().hasPlanes() || tensor.layout() == layout,
        "%s has layout %s, but the input has %s",
        role.words(),
        tensor.layout(),
        layout);
  }

  private static void checkSharing(Direction direction, Map<Role, Tensor> tensors) {
    tensors.forEach(
        (result, written) -> {
          if (result.isResult(direction)) {
            tensors.forEach(
                (role, read) ->
                    Require.that(
                        role == result || !written.storage().overlaps(read.storage()),
                        "%s shares elements with %s, but must not",
                        result.words(),
                        role.words()));
          }
        });
  }
}
