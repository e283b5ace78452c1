package io.github.clpool.op;

import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Shape;
import java.util.Set;

/**
 * A pooling operator: an immutable value that validates itself and infers shapes with no device
 * present. {@code toString()} is the text that {@link Operators#parse} reads back to an equal
 * value.
 */
public interface Operator {
  /**
   * The field's word for the operator, as the command line uses it.
   *
   * @return the word
   */
  String name();

  /**
   * The shape that comes out.
   *
   * @param input the shape of the input
   * @return the output's shape
   * @throws IllegalArgumentException if the operator does not fit the input, with the formula
   */
  Shape outputShape(Shape input);

  /**
   * The tensors besides the input that a forward call must be given.
   *
   * @return the roles
   */
  Set<Role> parameters();

  /**
   * Whether a forward call can give indices.
   *
   * @return true for selecting operators
   */
  boolean hasIndices();

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
    return switch (role) {
      case INPUT, GRAD_INPUT, LOGITS, GRAD_LOGITS -> input;
      case OUTPUT, INDICES, GRAD_OUTPUT -> outputShape(input);
      default ->
          throw new IllegalArgumentException("operator " + this + " has no tensor in role " + role);
    };
  }

  /**
   * The element type of a tensor of this operator.
   *
   * @param role what the tensor is
   * @param type the element type of the input
   * @return the type: INT32 for indices, the computing type for parameters and their gradients,
   *     else the input's
   */
  default DataType typeOf(Role role, DataType type) {
    return switch (role) {
      case INDICES -> DataType.INT32;
      case WEIGHTS, GRAD_WEIGHTS, SAMPLES, ROIS -> type.computingType();
      default -> type;
    };
  }
}
