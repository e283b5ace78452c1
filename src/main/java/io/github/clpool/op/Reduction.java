package io.github.clpool.op;

import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a pooling makes of the cells of a region. Immutable values; see docs/semantics.md, section
 * 5.
 */
public sealed interface Reduction
    permits Reduction.Max,
        Reduction.Min,
        Reduction.Sum,
        Reduction.Avg,
        Reduction.Lp,
        Reduction.Gem,
        Reduction.Soft,
        Reduction.Importance,
        Reduction.Stochastic,
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

  /** The maximum; NaN if any cell is NaN, +0 above -0. */
  record Max() implements Reduction {
    @Override
    public String word() {
      return "max";
    }

    @Override
    public boolean takesBytes() {
      return true;
    }

    @Override
    public boolean isSelecting() {
      return true;
    }

    @Override
    public String toString() {
      return word();
    }
  }

  /** The minimum; NaN if any cell is NaN, -0 below +0. */
  record Min() implements Reduction {
    @Override
    public String word() {
      return "min";
    }

    @Override
    public boolean takesBytes() {
      return true;
    }

    @Override
    public boolean isSelecting() {
      return true;
    }

    @Override
    public String toString() {
      return word();
    }
  }

  /** The sum. */
  record Sum() implements Reduction {
    @Override
    public String word() {
      return "sum";
    }

    @Override
    public String toString() {
      return word();
    }
  }

  /**
   * The average: the sum divided by the number of cells, with the padding of windows counted unless
   * told otherwise, or by a given divisor. Padding that {@code same} windows choose themselves is
   * counted only where that is asked for. Each method returns a changed copy.
   *
   * @param countIncludePad whether a window's taps in the padding count; empty for those of
   *     explicit padding only
   * @param divisor the divisor instead of any count, never 0
   */
  record Avg(Optional<Boolean> countIncludePad, OptionalInt divisor) implements Reduction {
    /**
     * Checks the divisor.
     *
     * @param countIncludePad whether a window's taps in the padding count; empty for those of
     *     explicit padding only
     * @param divisor the divisor instead of any count, never 0
     */
    public Avg {
      Require.present("countIncludePad", countIncludePad);
      Require.present("divisorOverride", divisor);
      Require.that(
          divisor.isEmpty() || divisor.getAsInt() != 0,
          "divisorOverride is 0, but must be any other number");
    }

    /**
     * Sets whether a window's taps in the padding count, that of {@code same} windows too; without
     * effect on other regions.
     *
     * @param counts true to count them
     * @return the changed copy
     */
    public Avg countIncludePad(boolean counts) {
      return new Avg(Optional.of(counts), divisor);
    }

    /**
     * Divides by a fixed number.
     *
     * @param number any number but 0
     * @return the changed copy
     */
    public Avg divisorOverride(int number) {
      return new Avg(countIncludePad, OptionalInt.of(number));
    }

    @Override
    public Divisor divisorOver(Regions regions) {
      return Divisor.of(this, regions);
    }

    @Override
    public String word() {
      return "avg";
    }

    @Override
    public boolean takesBytes() {
      return true;
    }

    @Override
    public String toString() {
      return word()
          + countIncludePad.map(counts -> " countIncludePad=" + counts).orElse("")
          + (divisor.isPresent() ? " divisorOverride=" + divisor.getAsInt() : "");
    }
  }

  /**
   * The p-norm: the root of the sum of powers of the magnitudes. {@code p = infinity} selects the
   * greatest magnitude, with its index. Each method returns a changed copy.
   *
   * @param p above 0, infinity too
   * @param averages whether the sum is divided by the number of cells before the root
   * @param keepsSigns whether powers are of the cells, not of their magnitudes, as in PyTorch
   */
  record Lp(double p, boolean averages, boolean keepsSigns) implements Reduction {
    /**
     * Checks p.
     *
     * @param p above 0, infinity too
     * @param averages whether the sum is divided by the number of cells before the root
     * @param keepsSigns whether powers are of the cells, not of their magnitudes, as in PyTorch
     */
    public Lp {
      Require.that(p > 0, "p is %s, but must be above 0", p);
    }

    /**
     * Divides the sum by the number of cells: p = 1 is the average then, and the greater p, the
     * closer to the maximum.
     *
     * @return the changed copy
     */
    public Lp mean() {
      return new Lp(p, true, keepsSigns);
    }

    /**
     * Sums powers of the cells instead of their magnitudes, as PyTorch does.
     *
     * @return the changed copy
     */
    public Lp signed() {
      return new Lp(p, averages, true);
    }

    @Override
    public String word() {
      return "lp";
    }

    @Override
    public boolean isSelecting() {
      return p == Double.POSITIVE_INFINITY;
    }

    @Override
    public Set<Role> keptForBackward() {
      return isSelecting() ? EnumSet.of(Role.INPUT, Role.INDICES) : EnumSet.of(Role.INPUT);
    }

    @Override
    public String toString() {
      return word()
          + " p="
          + OperatorText.text(p)
          + (averages ? " mean" : "")
          + (keepsSigns ? " signed" : "");
    }
  }

  /**
   * The generalised mean: as the p-norm's mean, but with p an input, {@link Role#WEIGHTS}, one
   * number or one for each channel, that has a gradient. Cells below eps count as eps.
   *
   * @param eps above 0
   */
  record Gem(double eps) implements Reduction {
    /** The eps unless another is given. */
    static final double USUAL_EPS = 1e-6;

    /**
     * Checks eps.
     *
     * @param eps above 0
     */
    public Gem {
      Require.that(
          eps > 0 && eps < Double.POSITIVE_INFINITY,
          "eps is %s, but must be above 0 and finite",
          eps);
    }

    /**
     * Sets the least that a cell counts as.
     *
     * @param least above 0, finite
     * @return the changed copy
     */
    public Gem eps(double least) {
      return new Gem(least);
    }

    @Override
    public String word() {
      return "gem";
    }

    @Override
    public Set<Role> parameters() {
      return EnumSet.of(Role.WEIGHTS);
    }

    @Override
    public List<Shape> weights(Shape input, Regions regions) {
      Require.present("input", input);
      return List.of(Shape.array(1), Shape.array(input.c()));
    }

    @Override
    public Set<Role> keptForBackward() {
      return EnumSet.of(Role.INPUT, Role.WEIGHTS);
    }

    @Override
    public String toString() {
      return word() + (eps == USUAL_EPS ? "" : " eps=" + eps);
    }
  }

  /**
   * The average weighted by the exponentials of the cells (SoftPool).
   *
   * @param exact whether the gradient is the derivative; else that of the paper, which takes the
   *     weights for constants
   */
  record Soft(boolean exact) implements Reduction {
    /**
     * Takes the gradient of the paper and its CUDA implementation.
     *
     * @return the changed copy
     */
    public Soft paperGradient() {
      return new Soft(false);
    }

    @Override
    public String word() {
      return "soft";
    }

    @Override
    public Set<Role> keptForBackward() {
      return EnumSet.of(Role.INPUT);
    }

    @Override
    public String toString() {
      return word() + (exact ? "" : " paperGradient");
    }
  }

  /**
   * Local importance pooling (LIP): the average, weighted by the exponentials of logits, an input
   * of the shape of x. {@link SoftGate} bounds logits as the paper does.
   */
  record Importance() implements Reduction {
    @Override
    public String word() {
      return "importance";
    }

    @Override
    public Set<Role> parameters() {
      return EnumSet.of(Role.LOGITS);
    }

    @Override
    public Set<Role> keptForBackward() {
      return EnumSet.of(Role.INPUT, Role.LOGITS);
    }

    @Override
    public String toString() {
      return word();
    }
  }

  /**
   * A cell of each region drawn at random, with a probability proportional to its value (Zeiler and
   * Fergus 2013). Negative cells count as 0; where nothing is positive the output is 0 and no cell
   * is selected. The same key draws the same cells on every device.
   *
   * @param expects whether the output is not drawn, but what the draws are on average: the average
   *     weighted by the cells themselves
   */
  record Stochastic(boolean expects) implements Reduction {
    /**
     * Takes the mean of all draws, as for inference; no key is needed, and there are no indices.
     *
     * @return the changed copy
     */
    public Stochastic expected() {
      return new Stochastic(true);
    }

    @Override
    public String word() {
      return "stochastic";
    }

    @Override
    public boolean isSelecting() {
      return !expects;
    }

    @Override
    public boolean draws(Direction direction, Set<Role> given) {
      return !expects && direction == Direction.FORWARD;
    }

    @Override
    public Set<Role> keptForBackward() {
      return EnumSet.of(expects ? Role.INPUT : Role.INDICES);
    }

    @Override
    public String toString() {
      return word() + (expects ? " expected" : "");
    }
  }
}
