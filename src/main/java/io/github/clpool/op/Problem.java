package io.github.clpool.op;

import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import java.util.EnumMap;
import java.util.Map;

/**
 * One call of an operator with everything but the values: what a plan is made from. Immutable, and
 * equal for calls that can share a plan.
 *
 * @param operator the operator
 * @param direction which way it runs
 * @param input the shape of the tensor that is pooled, also where only its gradient takes part
 * @param layout the layout of all tensors with planes
 * @param type the element type of the input
 * @param arguments the shapes of all tensors that take part, results included
 * @param accumulate whether gradients are added to what their tensors hold
 */
public record Problem(
    Operator operator,
    Direction direction,
    Shape input,
    Layout layout,
    DataType type,
    Map<Role, Shape> arguments,
    boolean accumulate) {
  /**
   * Checks that nothing is missing and copies the map.
   *
   * @param operator the operator
   * @param direction which way it runs
   * @param input the shape of the tensor that is pooled, also where only its gradient takes part
   * @param layout the layout of all tensors with planes
   * @param type the element type of the input
   * @param arguments the shapes of all tensors that take part, results included
   * @param accumulate whether gradients are added to what their tensors hold
   */
  public Problem {
    Require.present("operator", operator);
    Require.present("direction", direction);
    Require.present("input", input);
    Require.present("layout", layout);
    Require.present("type", type);
    Require.present("arguments", arguments).forEach(Problem::checkArgument);
    arguments = Map.copyOf(arguments);
  }

  private static void checkArgument(Role role, Shape shape) {
    Require.present("role of arguments", role);
    Require.that(shape != null, "shape of %s is null, but must be given", role.words());
  }

  /**
   * Whether a tensor takes part.
   *
   * @param role the role
   * @return true if it is among the arguments
   */
  public boolean has(Role role) {
    return arguments.containsKey(Require.present("role", role));
  }

  /**
   * The operator of a call of a pooling.
   *
   * @return the pooling
   */
  public Pool pool() {
    return (Pool) operator;
  }

  /**
   * The shape of a tensor of the operator, whether it takes part or not.
   *
   * @param role the role
   * @return the shape
   */
  public Shape shapeOf(Role role) {
    Require.present("role", role);
    Map<Role, Shape> given = new EnumMap<>(Role.class);
    given.putAll(arguments);
    given.put(Role.INPUT, input);
    return operator.shapeOf(role, given);
  }

  /**
   * The shape of the operator's output.
   *
   * @return the shape
   */
  public Shape output() {
    return shapeOf(Role.OUTPUT);
  }

  /** The text that reproduces the call, without the values. */
  @Override
  public String toString() {
    return operator
        + " "
        + direction
        + " "
        + type
        + " "
        + layout
        + " "
        + input
        + (has(Role.INDICES) ? " with indices" : "")
        + (accumulate ? " accumulating" : "");
  }
}
