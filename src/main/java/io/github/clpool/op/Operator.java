package io.github.clpool.op;

import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * A pooling operator: an immutable value that validates itself and infers shapes with no device
 * present. {@code toString()} is the text that {@link Operators#parse} reads back to an equal
 * value.
 */
public sealed interface Operator permits Pool, MaxUnpool, RoiOperator, S3Pool, SoftGate, CrfPool {
  /**
   * The field's word for the operator, which its text begins with and tables know it by.
   *
   * @return one of {@link Operators#names}
   */
  String name();

  /**
   * The shape that comes out of an input, whatever else a call is given.
   *
   * @param input the shape of the input
   * @return the output's shape
   * @throws IllegalArgumentException if the operator does not fit the input, with the formula, or
   *     if its output depends on other tensors, too: {@link #shapeOf(Role, Map)} knows it then
   */
  Shape outputShape(Shape input);

  /**
   * The tensors besides the input that a forward call must be given.
   *
   * @return the roles, none unless the operator says otherwise
   */
  default Set<Role> parameters() {
    return EnumSet.noneOf(Role.class);
  }

  /**
   * The tensors besides those that a forward call may be given; backward calls then get them too.
   *
   * @return the roles
   */
  default Set<Role> optionalParameters() {
    return EnumSet.noneOf(Role.class);
  }

  /**
   * Whether a call draws random numbers, so that it needs a {@link RandomKey}.
   *
   * @param direction which way the call runs
   * @param given what the call is given; some of the {@link #optionalParameters} may take the place
   *     of a draw
   * @return false unless the operator says otherwise
   */
  default boolean draws(Direction direction, Set<Role> given) {
    return false;
  }

  /**
   * What a forward call for training gives, besides indices.
   *
   * @return {@link Role#OUTPUT}, and more of operators with several results
   */
  default Set<Role> results() {
    return EnumSet.of(Role.OUTPUT);
  }

  /**
   * The gradients that a backward call can give; each call chooses among them.
   *
   * @return {@link Role#GRAD_INPUT}, and more of operators with more inputs
   */
  default Set<Role> gradients() {
    return EnumSet.of(Role.GRAD_INPUT);
  }

  /**
   * The gradients that come in, one for each differentiable result. A backward call is given {@link
   * Role#GRAD_OUTPUT} and may be given the others; the terms of those that are missing are left
   * out.
   *
   * @return {@link Role#GRAD_OUTPUT}, and more of operators with several results
   */
  default Set<Role> incomingGradients() {
    return EnumSet.of(Role.GRAD_OUTPUT);
  }

  /**
   * Whether the operator pools planes.
   *
   * @return false if its tensors are plain arrays instead
   */
  default boolean poolsPlanes() {
    return true;
  }

  /**
   * Whether a forward call can give indices.
   *
   * @return true for selecting operators
   */
  default boolean hasIndices() {
    return false;
  }

  /**
   * What of a forward call a backward call reads, besides the gradient that comes in.
   *
   * @return the roles
   */
  Set<Role> keptForBackward();

  /**
   * The shape of a tensor of this operator.
   *
   * @param role what the tensor is
   * @param input the shape of the input
   * @return the shape
   * @throws IllegalArgumentException if the operator has no such tensor or its shape is free
   */
  default Shape shapeOf(Role role, Shape input) {
    Require.present("role", role);
    return switch (role) {
      case INPUT, GRAD_INPUT, LOGITS, GRAD_LOGITS, POSITIONS -> input;
      case OUTPUT, INDICES, GRAD_OUTPUT -> outputShape(input);
      default ->
          throw new IllegalArgumentException("operator " + this + " has no tensor in role " + role);
    };
  }

  /**
   * The shape of a tensor of this operator where it may depend on more than the input.
   *
   * @param role what the tensor is
   * @param given the shapes of the call's tensors; {@link Role#INPUT} is always among them
   * @return the shape
   * @throws IllegalArgumentException if the operator has no such tensor
   */
  default Shape shapeOf(Role role, Map<Role, Shape> given) {
    Require.present("given", given);
    return shapeOf(role, given.get(Role.INPUT));
  }

  /**
   * Checks the shape of a tensor of a call. An operator that leaves a shape to the caller replaces
   * this.
   *
   * @param role what the tensor is
   * @param given the shapes of the call's tensors, this one among them; {@link Role#INPUT} always
   * @throws IllegalArgumentException naming the role, its shape and the rule
   */
  default void checkShape(Role role, Map<Role, Shape> given) {
    Require.present("given", given);
    Shape needed = shapeOf(role, given);
    Require.that(
        given.get(role).equals(needed),
        "%s has shape %s, but %s of input %s needs %s",
        role.words(),
        given.get(role),
        this,
        given.get(Role.INPUT),
        needed);
  }

  /**
   * Whether the operator is defined for inputs of a type.
   *
   * @param type the element type
   * @param direction which way the call runs
   * @return true for floating-point types, unless the operator says otherwise
   */
  default boolean takes(DataType type, Direction direction) {
    Require.present("direction", direction);
    return Require.present("type", type).isFloatingPoint();
  }

  /**
   * Checks that the operator is defined for inputs of a type.
   *
   * @param type the element type
   * @param direction which way the call runs
   * @throws IllegalArgumentException naming the type and those that would do
   */
  default void checkType(DataType type, Direction direction) {
    Require.that(
        takes(type, direction),
        "type of the input is %s, but %s takes %s %s",
        type,
        this,
        takes(DataType.UINT8, direction)
            ? "floating-point types, UINT8 and INT8"
            : "only floating-point types",
        direction == Direction.FORWARD ? "forward" : "backward");
  }

  /**
   * The element type of a tensor of this operator.
   *
   * @param role what the tensor is
   * @param type the element type of the input
   * @return the type: INT32 for indices, positions and choices, the computing type for parameters
   *     and their gradients, FLOAT32 for the samples of 8-bit integers, else the input's
   */
  default DataType typeOf(Role role, DataType type) {
    Require.present("role", role);
    return switch (role) {
      case INDICES, POSITIONS, CHOICE, BATCH_INDICES -> DataType.INT32;
      case SAMPLES -> type.isByte() ? DataType.FLOAT32 : type.computingType();
      case WEIGHTS, GRAD_WEIGHTS, ROIS -> type.computingType();
      default -> type;
    };
  }
}
