package io.github.clpool.op;

import io.github.clpool.tensor.Shape;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What a pooling makes of the cells of a region. Immutable values; see docs/semantics.md, section
 * 5.
 */
public sealed interface Reduction
    permits Max,
        Min,
        Sum,
        Avg,
        Lp,
        Gem,
        Soft,
        Importance,
        Stochastic,
        LogSumExp,
        Median,
        Variance,
        Mix {
  /**
   * The field's word for the reduction, which its text begins with and tables know it by.
   *
   * @return one of {@link Operators#names}
   */
  String word();

  /**
   * Combines this reduction with regions.
   *
   * @param regions the regions
   * @return the operator
   * @throws IllegalArgumentException if the regions contradict themselves
   */
  default Pool over(Regions regions) {
    return new Pool(this, regions);
  }

  /**
   * Whether each output is one of its region's cells, so that there are indices.
   *
   * @return true for maximum, minimum and median, the p-norm with p = infinity and cells drawn at
   *     random
   */
  default boolean isSelecting() {
    return false;
  }

  /**
   * Whether it is defined for 8-bit integers, forward.
   *
   * @return true for maximum, minimum, median and average
   */
  default boolean takesBytes() {
    return false;
  }

  /**
   * The tensors besides the input that the reduction reads.
   *
   * @return the roles
   */
  default Set<Role> parameters() {
    return EnumSet.noneOf(Role.class);
  }

  /**
   * The shapes that the learned parameter can have, one of them the caller's choice.
   *
   * @param input the shape of the input
   * @param regions the regions
   * @return the shapes; none for a reduction without {@link Role#WEIGHTS}
   */
  default List<Shape> weights(Shape input, Regions regions) {
    return List.of();
  }

  /**
   * Checks that the reduction can be over some regions.
   *
   * @param regions the regions
   * @throws IllegalArgumentException naming the rule
   */
  default void checkRegions(Regions regions) {}

  /**
   * What the sum of a region is divided by.
   *
   * @param regions the regions
   * @return the divisor, {@link Divisor#NONE} unless the reduction has an average
   */
  default Divisor divisorOver(Regions regions) {
    return Divisor.NONE;
  }

  /**
   * The shape of the output.
   *
   * @param pooled the input's shape with one cell for each region
   * @return that shape, with other channels where they are more than one for each of the input's
   */
  default Shape outputShape(Shape pooled) {
    return pooled;
  }

  /**
   * Whether a call draws random numbers.
   *
   * @param direction which way the call runs
   * @param given what the call is given
   * @return false unless the reduction says otherwise
   */
  default boolean draws(Direction direction, Set<Role> given) {
    return false;
  }

  /**
   * What a forward call for training gives, besides indices.
   *
   * @return {@link Role#OUTPUT}, and more of some
   */
  default Set<Role> results() {
    return EnumSet.of(Role.OUTPUT);
  }

  /**
   * The gradients that a backward call can give.
   *
   * @return {@link Role#GRAD_INPUT}, and those of the parameters
   */
  default Set<Role> gradients() {
    Set<Role> gradients = EnumSet.of(Role.GRAD_INPUT);
    for (Role parameter : parameters()) {
      gradients.add(parameter == Role.LOGITS ? Role.GRAD_LOGITS : Role.GRAD_WEIGHTS);
    }
    return gradients;
  }

  /**
   * What the forward pass must keep for the backward pass.
   *
   * @return the roles; {@link Role#INDICES} for a selecting reduction
   */
  default Set<Role> keptForBackward() {
    return isSelecting() ? EnumSet.of(Role.INDICES) : EnumSet.noneOf(Role.class);
  }
}
