package io.github.clpool.op;

import io.github.clpool.op.CrfPool.Pairwise;
import io.github.clpool.tensor.Buffers;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import java.util.Map;
import java.util.Set;

/**
 * The shapes of a call of a {@link CrfPool}.
 *
 * @param operator the operator
 * @param given the shapes that are known
 */
record CrfShapes(CrfPool operator, Map<Role, Shape> given) {
  Shape of(Role role) {
    Shape shape = unchecked(role);
    Require.that(
        shape.elements() <= Buffers.LONGEST_ARRAY,
        "%s has shape %s, but %s needs at most %d elements",
        role.words(),
        shape,
        operator,
        Buffers.LONGEST_ARRAY);
    return shape;
  }

  private Shape unchecked(Role role) {
    return switch (role) {
      case INPUT, GRAD_INPUT -> shape(Role.INPUT, 2);
      case LOGITS, GRAD_LOGITS, ASSIGNMENT, GRAD_ASSIGNMENT ->
          Shape.array(size(Role.INPUT, 0), clusters());
      case GRAPH_POINTERS -> shape(role, 1);
      case ROW_POINTERS -> Shape.array(size(Role.INPUT, 0) + 1);
      case COLUMNS, ADJACENCY, GRAD_ADJACENCY -> shape(Role.COLUMNS, 1);
      case OUTPUT, GRAD_OUTPUT -> Shape.array(graphs(), clusters(), size(Role.INPUT, 1));
      case POOLED_ADJACENCY, GRAD_POOLED_ADJACENCY -> Shape.array(graphs(), clusters(), clusters());
      default -> shapeOfOptions(role);
    };
  }

  private Shape shapeOfOptions(Role role) {
    boolean pairs = operator.pairwise() == Pairwise.GIVEN;
    if (pairs && role == Role.PAIR_POINTERS) {
      return Shape.array(size(Role.INPUT, 0) + 1);
    } else if (pairs && Set.of(Role.PAIR_COLUMNS, Role.PAIRS, Role.GRAD_PAIRS).contains(role)) {
      return shape(Role.PAIR_COLUMNS, 1);
    } else if (operator.hasCompatibility()
        && Set.of(Role.COMPATIBILITY, Role.GRAD_COMPATIBILITY).contains(role)) {
      return Shape.array(clusters(), clusters());
    }
    throw new IllegalArgumentException("operator " + operator + " has no tensor in role " + role);
  }

  private long clusters() {
    return size(Role.LOGITS, 1);
  }

  private long graphs() {
    return size(Role.GRAPH_POINTERS, 0) - 1;
  }

  private long size(Role role, int axis) {
    return shape(role, role == Role.GRAPH_POINTERS ? 1 : 2).sizes()[axis];
  }

  /** A given shape, if it is an array of so many axes whose sizes are large enough. */
  private Shape shape(Role role, int axes) {
    Shape shape = given.get(role);
    Require.that(shape != null, "%s is missing, but %s needs it", role.words(), operator);
    boolean columns = role == Role.COLUMNS || role == Role.PAIR_COLUMNS;
    Require.that(
        !shape.hasPlanes()
            && shape.sizes().length == axes
            && (columns || shape.sizes()[axes - 1] >= 1),
        "%s has shape %s, but %s needs %s",
        role.words(),
        shape,
        operator,
        switch (role) {
          case INPUT -> "an array of nodes x features, at least one feature";
          case LOGITS -> "an array of nodes x clusters, at least one cluster";
          case GRAPH_POINTERS -> "an array of one number more than there are graphs";
          default -> "an array of one number for each entry";
        });
    return shape;
  }
}
