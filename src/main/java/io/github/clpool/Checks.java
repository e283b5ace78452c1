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
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Checks a call against its operator and makes the problem. Texts are made for errors only. */
final class Checks {
  private Checks() {}

  /** The tensor that says shape, layout and type of the input: the input or its gradient. */
  static Tensor inputLike(Operator operator, Map<Role, Tensor> tensors) {
    Tensor like = tensors.get(Role.INPUT);
    like = like != null ? like : tensors.get(Role.GRAD_INPUT);
    if (like == null) {
      throw missing(Role.INPUT, operator);
    }
    return like;
  }

  /**
   * Checks everything but values.
   *
   * @param tensors what the call is given
   * @param like says shape, layout and type of the input
   * @param wanted the results that are not given, but made as they are needed
   */
  static Problem problem(
      Backend backend,
      Operator operator,
      Direction direction,
      Map<Role, Tensor> tensors,
      Tensor like,
      Set<Role> wanted,
      boolean hasKey,
      boolean accumulate) {
    checkType(backend, operator, direction, like.type());
    Map<Role, Shape> shapes = new EnumMap<>(Role.class);
    for (Map.Entry<Role, Tensor> each : tensors.entrySet()) {
      Role role = Require.present("role", each.getKey());
      Tensor tensor = Require.present(role.words(), each.getValue());
      checkUsed(role, operator, direction);
      shapes.put(role, tensor.shape());
    }
    Map<Role, Shape> known = new EnumMap<>(shapes);
    known.put(Role.INPUT, like.shape());
    for (Map.Entry<Role, Tensor> each : tensors.entrySet()) {
      Role role = each.getKey();
      Tensor tensor = each.getValue();
      checkOwner(backend, role, tensor.storage());
      operator.checkShape(role, known);
      checkElements(role, tensor, operator.typeOf(role, like.type()), like.type(), like.layout());
    }
    for (Role role : wanted) {
      shapes.put(role, operator.shapeOf(role, known));
    }
    checkComplete(operator, direction, shapes.keySet(), accumulate);
    checkKey(operator, operator.draws(direction, shapes.keySet()), hasKey);
    for (Map.Entry<Role, Tensor> result : tensors.entrySet()) {
      if (result.getKey().isResult(direction)) {
        Storage written = result.getValue().storage();
        for (Map.Entry<Role, Tensor> read : tensors.entrySet()) {
          checkSharing(result.getKey(), written, read.getKey(), read.getValue().storage());
        }
      }
    }
    return new Problem(
        operator, direction, like.shape(), like.layout(), like.type(), shapes, accumulate);
  }

  /** Checks a call that has no tensors yet. */
  static void checkProblem(Backend backend, Problem problem) {
    Operator operator = problem.operator();
    checkType(backend, operator, problem.direction(), problem.type());
    Map<Role, Shape> known = new EnumMap<>(Role.class);
    known.putAll(problem.arguments());
    known.put(Role.INPUT, problem.input());
    for (Role role : problem.arguments().keySet()) {
      checkUsed(role, operator, problem.direction());
      operator.checkShape(role, known);
    }
    checkComplete(
        operator, problem.direction(), problem.arguments().keySet(), problem.accumulate());
  }

  private static void checkUsed(Role role, Operator operator, Direction direction) {
    boolean forward = direction == Direction.FORWARD;
    boolean used =
        forward
            ? role == Role.INPUT
                || operator.results().contains(role)
                || operator.parameters().contains(role)
                || role == Role.INDICES && operator.hasIndices()
            : operator.incomingGradients().contains(role)
                || operator.gradients().contains(role)
                || operator.keptForBackward().contains(role);
    if (used || operator.optionalParameters().contains(role)) {
      return;
    }
    throw new IllegalArgumentException(
        forward && role == Role.INDICES
            ? "indices are asked for, but " + operator + " selects no cells"
            : "%s is given, but %s takes none %s"
                .formatted(role.words(), operator, forward ? "forward" : "backward"));
  }

  private static void checkComplete(
      Operator operator, Direction direction, Set<Role> roles, boolean accumulate) {
    if (direction == Direction.FORWARD) {
      checkPresent(Role.INPUT, roles, operator);
      checkPresent(Role.OUTPUT, roles, operator);
      checkPresent(operator.parameters(), roles, operator);
      Require.that(
          !accumulate,
          "accumulate is true, but %s runs forward, and only gradients are accumulated",
          operator);
    } else {
      checkPresent(Role.GRAD_OUTPUT, roles, operator);
      checkPresent(operator.keptForBackward(), roles, operator);
      if (Collections.disjoint(operator.gradients(), roles)) {
        throw new IllegalArgumentException(
            "%s is missing, but a backward call of %s needs a gradient that is wanted"
                .formatted(
                    operator.gradients().stream()
                        .map(Role::words)
                        .collect(Collectors.joining(" or ")),
                    operator));
      }
    }
  }

  private static void checkPresent(Set<Role> needed, Set<Role> roles, Operator operator) {
    for (Role role : needed) {
      checkPresent(role, roles, operator);
    }
  }

  private static void checkPresent(Role role, Set<Role> roles, Operator operator) {
    if (!roles.contains(role)) {
      throw missing(role, operator);
    }
  }

  static IllegalArgumentException missing(Role role, Operator operator) {
    return new IllegalArgumentException(
        role.words() + " is missing, but " + operator + " needs it" + giver(role));
  }

  /** The method that gives a call such a tensor, if there is one. */
  private static String giver(Role role) {
    return switch (role) {
      case LOGITS, WEIGHTS, SAMPLES, ROIS, POSITIONS, COMPATIBILITY ->
          " (Inputs." + role.words() + ")";
      case BATCH_INDICES -> " (Inputs.rois)";
      case GRAPH_POINTERS, ROW_POINTERS, COLUMNS, ADJACENCY -> " (Inputs.graphs)";
      case PAIR_POINTERS, PAIR_COLUMNS, PAIRS -> " (Inputs.pairs)";
      default -> "";
    };
  }

  static void checkKey(Operator operator, boolean draws, boolean hasKey) {
    Require.that(
        hasKey || !draws, "key is missing, but %s draws random numbers (Inputs.key)", operator);
  }

  /** Checks that an operator is defined for a type, and that the device computes it. */
  private static void checkType(
      Backend backend, Operator operator, Direction direction, DataType type) {
    operator.checkType(type, direction);
    checkType(backend, type);
  }

  static void checkType(Backend backend, DataType type) {
    Optional<String> refusal = backend.refusal(type);
    if (refusal.isPresent()) {
      throw new IllegalArgumentException(
          "type is %s, but %s cannot compute it: %s"
              .formatted(type, backend.device(), refusal.get()));
    }
  }

  static void checkOwner(Backend backend, Role role, Storage storage) {
    if (storage.owner() != backend) {
      throw new IllegalArgumentException(
          "%s belongs to another Pooling, but must be made by this one (%s on %s)"
              .formatted(role.words(), backend.name(), backend.device()));
    }
  }

  static void checkElements(
      Role role, Tensor tensor, DataType needed, DataType ofInput, Layout layout) {
    Require.that(
        tensor.type() == needed,
        "%s has type %s, but must have %s for an input of %s",
        role.words(),
        tensor.type(),
        needed,
        ofInput);
    Require.that(
        !tensor.shape().hasPlanes() || tensor.layout() == layout,
        "%s has layout %s, but the input has %s",
        role.words(),
        tensor.layout(),
        layout);
  }

  static void checkSharing(Role result, Storage written, Role role, Storage read) {
    Require.that(
        role == result || !written.overlaps(read),
        "%s shares elements with %s, but must not",
        result.words(),
        role.words());
  }
}
