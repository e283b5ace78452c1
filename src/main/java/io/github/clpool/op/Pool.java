package io.github.clpool.op;

import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A pooling: a reduction over regions. Any pair works, in 1 to 3 spatial axes, forward and
 * backward. Immutable.
 *
 * <pre>{@code
 * Pool stem = Pool.max().over(Regions.window(3, 3).stride(2).padding(1));
 * }</pre>
 *
 * @param reduction what is made of a region's cells
 * @param regions which cells feed an output
 */
public record Pool(Reduction reduction, Regions regions) implements Operator {
  /**
   * Checks what does not depend on a shape.
   *
   * @param reduction what is made of a region's cells
   * @param regions which cells feed an output
   */
  public Pool {
    Require.present("reduction", reduction);
    Require.present("regions", regions);
    regions.validate();
    reduction.checkRegions(regions);
  }

  /**
   * The maximum of each region, as PyTorch's MaxPool and AdaptiveMaxPool; see {@link Max}.
   *
   * @return the reduction
   */
  public static Max max() {
    return new Max();
  }

  /**
   * The minimum of each region; see {@link Min}.
   *
   * @return the reduction
   */
  public static Min min() {
    return new Min();
  }

  /**
   * The median of each region; see {@link Median}.
   *
   * @return the reduction
   */
  public static Median median() {
    return new Median();
  }

  /**
   * The average of each region, as PyTorch's AvgPool and AdaptiveAvgPool; see {@link Avg}.
   *
   * @return the reduction, explicit padding counted
   */
  public static Avg avg() {
    return new Avg(Optional.empty(), OptionalInt.empty());
  }

  /**
   * The sum of each region.
   *
   * @return the reduction
   */
  public static Sum sum() {
    return new Sum();
  }

  /**
   * The p-norm of each region; see {@link Lp}.
   *
   * @param p above 0; {@link Double#POSITIVE_INFINITY} is the greatest magnitude
   * @return the reduction, the sum not divided
   * @throws IllegalArgumentException if p is not above 0
   */
  public static Lp lp(double p) {
    return new Lp(p, false, false);
  }

  /**
   * The generalised mean of each region, with a learned exponent; see {@link Gem}.
   *
   * @return the reduction, its eps 1e-6
   */
  public static Gem gem() {
    return new Gem(Gem.USUAL_EPS);
  }

  /**
   * The average of each region weighted by the exponentials of its cells; see {@link Soft}.
   *
   * @return the reduction, its gradient the derivative
   */
  public static Soft soft() {
    return new Soft(true);
  }

  /**
   * The logarithm of the sum of exponentials of each region, a smooth maximum; see {@link
   * LogSumExp}.
   *
   * @return the reduction, its sharpness 1, the sum not divided
   */
  public static LogSumExp logSumExp() {
    return new LogSumExp(1, false);
  }

  /**
   * The variance of each region; see {@link Variance}.
   *
   * @return the reduction, the squares divided by the number of cells
   */
  public static Variance variance() {
    return new Variance(false, false);
  }

  /**
   * The standard deviation of each region; see {@link Variance}.
   *
   * @return the reduction, the squares divided by the number of cells
   */
  public static Variance std() {
    return new Variance(true, false);
  }

  /**
   * The average weighted by importance logits, as LIP; see {@link Importance}.
   *
   * @return the reduction
   */
  public static Importance importance() {
    return new Importance();
  }

  /**
   * A cell of each region drawn at random, with a probability proportional to its value; see {@link
   * Stochastic}. A call needs a {@link RandomKey}, unless it is {@code expected()}.
   *
   * @return the reduction, for training
   */
  public static Stochastic stochastic() {
    return new Stochastic(false);
  }

  /**
   * A weighted sum of maximum and average; see {@link Mix}.
   *
   * @param a the maximum's share, finite
   * @param b the average's share, finite
   * @return the reduction, padding not counted
   */
  public static Mix mix(double a, double b) {
    return new Mix(new Mixture.Weighted(a, b), false);
  }

  /**
   * The mean of maximum and average, until told otherwise; see {@link Mix}.
   *
   * @return the reduction, padding not counted
   */
  public static Mix mix() {
    return new Mix(Mixture.MEAN, false);
  }

  /**
   * What the reduction divides a region's sum by.
   *
   * @return the divisor, {@link Divisor#NONE} if the reduction is no average
   */
  public Divisor divisor() {
    return reduction.divisorOver(regions);
  }

  @Override
  public String name() {
    return reduction.word();
  }

  /**
   * Lays the regions over an input.
   *
   * @param input the input's shape
   * @return the geometry
   * @throws IllegalArgumentException if they do not fit, with the formula and its numbers
   */
  public Geometry geometry(Shape input) {
    checkPlanes(input);
    return regions.geometry(input);
  }

  private static void checkPlanes(Shape input) {
    Require.present("input", input);
    Require.that(input.hasPlanes(), "input has shape %s, which has no planes to pool", input);
  }

  @Override
  public Shape outputShape(Shape input) {
    checkPlanes(input);
    return reduction.outputShape(regions.outputShape(input));
  }

  @Override
  public Set<Role> parameters() {
    return reduction.parameters();
  }

  @Override
  public Set<Role> optionalParameters() {
    return regions.optionalParameters();
  }

  @Override
  public boolean draws(Direction direction, Set<Role> given) {
    return reduction.draws(direction, given) || regions.isDrawn() && !given.contains(Role.SAMPLES);
  }

  @Override
  public Shape shapeOf(Role role, Shape input) {
    return role == Role.SAMPLES && optionalParameters().contains(role)
        ? Fractional.samplesShape(input)
        : Operator.super.shapeOf(role, input);
  }

  @Override
  public boolean takes(DataType type, Direction direction) {
    return Operator.super.takes(type, direction)
        || type.isByte() && direction == Direction.FORWARD && reduction.takesBytes();
  }

  @Override
  public Set<Role> results() {
    return reduction.results();
  }

  @Override
  public Set<Role> gradients() {
    return reduction.gradients();
  }

  @Override
  public Shape shapeOf(Role role, Map<Role, Shape> given) {
    Require.present("given", given);
    Shape input = given.get(Role.INPUT);
    List<Shape> weights = weights(role, input);
    if (!weights.isEmpty()) {
      return given.getOrDefault(Role.WEIGHTS, weights.get(0));
    }
    return role == Role.CHOICE && results().contains(role)
        ? input.isBatched() ? Shape.array(input.n(), input.c()) : Shape.array(input.c())
        : shapeOf(role, input);
  }

  @Override
  public void checkShape(Role role, Map<Role, Shape> given) {
    Require.present("given", given);
    Shape input = given.get(Role.INPUT);
    List<Shape> weights = weights(role, input);
    if (role != Role.WEIGHTS || weights.isEmpty()) {
      Operator.super.checkShape(role, given);
      return;
    }
    if (!weights.contains(given.get(role))) {
      String needed =
          weights.stream().distinct().map(Shape::toString).collect(Collectors.joining(" or "));
      throw new IllegalArgumentException(
          "%s has shape %s, but %s of input %s needs %s"
              .formatted(role.words(), given.get(role), this, input, needed));
    }
  }

  private List<Shape> weights(Role role, Shape input) {
    return role == Role.WEIGHTS || role == Role.GRAD_WEIGHTS
        ? reduction.weights(input, regions)
        : List.of();
  }

  @Override
  public boolean hasIndices() {
    return reduction.isSelecting();
  }

  @Override
  public Set<Role> keptForBackward() {
    return reduction.keptForBackward();
  }

  @Override
  public String toString() {
    return reduction + " " + regions;
  }
}
