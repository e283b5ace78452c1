package io.github.clpool.parity;

import io.github.clpool.op.Direction;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Problem;
import io.github.clpool.op.RandomKey;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * One call with its data: what a parity check computes twice. Immutable; {@code toString()} is a
 * text that {@link #parse} reads back, such as {@code max window=3 stride=2 on 2x3x17x19 NHWC
 * FLOAT16 data=special seed=7 indices}.
 *
 * @param operator the operator
 * @param shape the input's shape
 * @param layout the layout of all tensors
 * @param type the input's element type
 * @param direction which way the operator runs
 * @param indices whether a forward call gives indices
 * @param accumulate whether a backward call adds to what the gradient's tensor holds
 * @param recipe how the data is drawn
 * @param seed the seed of the data
 * @param specials which special numbers the data may hold
 */
public record Case(
    Operator operator,
    Shape shape,
    Layout layout,
    DataType type,
    Direction direction,
    boolean indices,
    boolean accumulate,
    Recipe recipe,
    long seed,
    Set<Special> specials) {
  static final Set<Special> EVERY = Set.of(Special.values());

  /**
   * Copies the set.
   *
   * @param operator the operator
   * @param shape the input's shape
   * @param layout the layout of all tensors
   * @param type the input's element type
   * @param direction which way the operator runs
   * @param indices whether a forward call gives indices
   * @param accumulate whether a backward call adds to what the gradient's tensor holds
   * @param recipe how the data is drawn
   * @param seed the seed of the data
   * @param specials which special numbers the data may hold
   */
  public Case {
    Require.present("operator", operator);
    Require.present("shape", shape);
    Require.present("layout", layout);
    Require.present("type", type);
    Require.present("direction", direction);
    Require.present("recipe", recipe);
    specials = Set.copyOf(Require.present("specials", specials));
  }

  /**
   * A call whose data may hold every special number.
   *
   * @param operator the operator
   * @param shape the input's shape
   * @param layout the layout of all tensors
   * @param type the input's element type
   * @param direction which way the operator runs
   * @param indices whether a forward call gives indices
   * @param accumulate whether a backward call adds to what the gradient's tensor holds
   * @param recipe how the data is drawn
   * @param seed the seed of the data
   */
  public Case(
      Operator operator,
      Shape shape,
      Layout layout,
      DataType type,
      Direction direction,
      boolean indices,
      boolean accumulate,
      Recipe recipe,
      long seed) {
    this(operator, shape, layout, type, direction, indices, accumulate, recipe, seed, EVERY);
  }

  /**
   * Reads a case.
   *
   * @param text as {@code toString()} prints it; what follows the shape may be left out
   * @return the case
   * @throws IllegalArgumentException naming what is wrong
   */
  public static Case parse(String text) {
    return CaseText.parse(Require.present("text", text));
  }

  private Case with(Operator operatorOf, Shape shapeOf, Layout layoutOf, DataType typeOf) {
    return new Case(
        operatorOf,
        shapeOf,
        layoutOf,
        typeOf,
        direction,
        indices,
        accumulate,
        recipe,
        seed,
        specials);
  }

  Case withOperator(Operator other) {
    return with(other, shape, layout, type);
  }

  Case withShape(Shape other) {
    return with(operator, other, layout, type);
  }

  Case withLayout(Layout other) {
    return with(operator, shape, other, type);
  }

  Case withType(DataType other) {
    return with(operator, shape, layout, other);
  }

  Case withDirection(Direction way, boolean withIndices, boolean adding) {
    return new Case(
        operator, shape, layout, type, way, withIndices, adding, recipe, seed, specials);
  }

  Case withData(Recipe other, long otherSeed) {
    return withData(other, otherSeed, specials);
  }

  Case withData(Recipe other, long otherSeed, Set<Special> wanted) {
    return new Case(
        operator, shape, layout, type, direction, indices, accumulate, other, otherSeed, wanted);
  }

  /**
   * The call without its data, to ask implementations about it.
   *
   * @return the problem
   * @throws IllegalArgumentException if the operator does not fit the shape
   */
  public Problem problem() {
    Require.that(
        operator.poolsPlanes() == shape.hasPlanes(),
        "input has shape %s, but %s needs %s",
        shape,
        operator,
        operator.poolsPlanes() ? "planes" : "an array");
    operator.checkType(type, direction);
    boolean forward = direction == Direction.FORWARD;
    Map<Role, Shape> known = new EnumMap<>(Role.class);
    known.put(Role.INPUT, shape);
    for (Role role : inputs()) {
      known.put(role, TestInputs.shape(this, role, known));
    }
    Set<Role> roles = EnumSet.noneOf(Role.class);
    if (forward) {
      roles.add(Role.INPUT);
      roles.addAll(inputs());
      roles.addAll(operator.results());
      if (indices) {
        roles.add(Role.INDICES);
      }
    } else {
      roles.add(Role.GRAD_OUTPUT);
      if (seed / 2 % 2 == 0) { // the others may be given
        roles.addAll(operator.incomingGradients());
      }
      roles.addAll(operator.gradients());
      roles.addAll(operator.keptForBackward());
      roles.addAll(optional());
    }
    Map<Role, Shape> shapes = new EnumMap<>(Role.class);
    for (Role role : roles) {
      Shape given = known.get(role);
      shapes.put(role, given != null ? given : operator.shapeOf(role, known));
    }
    return new Problem(operator, direction, shape, layout, type, shapes, accumulate);
  }

  /** What the operator is given besides the input. */
  private Set<Role> inputs() {
    Set<Role> inputs = EnumSet.noneOf(Role.class);
    inputs.addAll(operator.parameters());
    inputs.addAll(optional());
    return inputs;
  }

  /** Half of all cases give what may be given. */
  private Set<Role> optional() {
    return seed % 2 == 0 ? Set.of() : operator.optionalParameters();
  }

  /**
   * The forward call of a backward one, with the indices if that reads them.
   *
   * @return the case, of the same data
   */
  public Case forward() {
    boolean selecting = operator.keptForBackward().contains(Role.INDICES);
    return withDirection(Direction.FORWARD, selecting, false);
  }

  /**
   * What a backward call reads of the results of the forward call.
   *
   * @return the roles, none for a forward call
   */
  public Set<Role> kept() {
    Set<Role> kept = EnumSet.noneOf(Role.class);
    if (direction == Direction.BACKWARD) {
      kept.addAll(operator.results());
      kept.add(Role.INDICES);
      kept.retainAll(operator.keptForBackward());
    }
    return kept;
  }

  /**
   * The key of the case's random draw.
   *
   * @return the key
   */
  public RandomKey key() {
    return new RandomKey(seed * 0x9E3779B97F4A7C15L, seed);
  }

  @Override
  public String toString() {
    return CaseText.of(this);
  }
}
