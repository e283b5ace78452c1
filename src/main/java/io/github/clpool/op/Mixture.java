package io.github.clpool.op;

import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * How a {@link Mix} combines the maximum and the average of a region. Immutable values; see
 * docs/semantics.md, section 5.
 */
public sealed interface Mixture {
  /**
   * The mixture's word, without its options.
   *
   * @return lower-case letters
   */
  String name();

  /**
   * Which tensors the mixture reads besides the input.
   *
   * @return the roles
   */
  default Set<Role> parameters() {
    return EnumSet.noneOf(Role.class);
  }

  /**
   * What a forward call for training gives.
   *
   * @return {@link Role#OUTPUT}, and more of some
   */
  default Set<Role> results() {
    return EnumSet.of(Role.OUTPUT);
  }

  /**
   * Whether a forward call draws random numbers.
   *
   * @return false unless the mixture says otherwise
   */
  default boolean draws() {
    return false;
  }

  /**
   * How many channels of the output each of the input makes.
   *
   * @return 1 unless the mixture says otherwise
   */
  default int channels() {
    return 1;
  }

  /**
   * Checks that the mixture can be over some regions.
   *
   * @param regions the regions
   * @throws IllegalArgumentException if its weights would have no shape
   */
  default void checkRegions(Regions regions) {}

  /**
   * The shapes that the weights can have.
   *
   * @param input the shape of the input
   * @param regions the regions
   * @return one parameter for all channels, or one for each; none if the mixture has no weights
   */
  default List<Shape> weights(Shape input, Regions regions) {
    return List.of();
  }

  /**
   * {@code a * max + b * avg}.
   *
   * @param a the maximum's share, finite
   * @param b the average's share, finite
   */
  record Weighted(double a, double b) implements Mixture {
    /**
     * Checks the shares.
     *
     * @param a the maximum's share, finite
     * @param b the average's share, finite
     */
    public Weighted {
      Require.that(Double.isFinite(a), "a is %s, but must be finite", a);
      Require.that(Double.isFinite(b), "b is %s, but must be finite", b);
    }

    @Override
    public String name() {
      return "weighted";
    }

    @Override
    public String toString() {
      return equals(ADD) ? "add" : equals(MEAN) ? "mean" : "a=" + a + " b=" + b;
    }
  }

  /** The sum of both. */
  Weighted ADD = new Weighted(1, 1);

  /** The mean of both. */
  Weighted MEAN = new Weighted(0.5, 0.5);

  /** {@code alpha * max + (1 - alpha) * avg}, with alpha learned. */
  record Alpha() implements Mixture {
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
    public String name() {
      return "alpha";
    }

    @Override
    public String toString() {
      return name();
    }
  }

  /**
   * {@code t * max + (1 - t) * avg}, where t is the sigmoid of the dot product of the window's
   * cells and learned weights.
   */
  record Gated() implements Mixture {
    @Override
    public Set<Role> parameters() {
      return EnumSet.of(Role.WEIGHTS);
    }

    @Override
    public void checkRegions(Regions regions) {
      Require.that(
          regions instanceof Window,
          "regions of mix gated are '%s', but must be a window: its weights have the window's"
              + " shape",
          regions);
    }

    @Override
    public List<Shape> weights(Shape input, Regions regions) {
      Require.present("input", input);
      Require.present("regions", regions);
      List<Integer> kernel = ((Window) regions).kernel();
      long[] taps =
          IntStream.range(0, input.axes())
              .mapToLong(axis -> kernel.get(kernel.size() == 1 ? 0 : axis))
              .toArray();
      long[] perChannel =
          LongStream.concat(LongStream.of(input.c()), LongStream.of(taps)).toArray();
      return List.of(Shape.array(taps), Shape.array(perChannel));
    }

    @Override
    public String name() {
      return "gated";
    }

    @Override
    public String toString() {
      return name();
    }
  }

  /**
   * Both, as twice the channels.
   *
   * @param order which half comes first
   */
  record Cat(Order order) implements Mixture {
    /**
     * Checks that there is an order: networks trained with one fail silently with the other.
     *
     * @param order which half comes first
     */
    public Cat {
      Require.present("order", order);
    }

    @Override
    public int channels() {
      return 2;
    }

    @Override
    public String name() {
      return "cat";
    }

    @Override
    public String toString() {
      return "cat=" + order;
    }
  }

  /** Which half of the channels comes first. */
  enum Order {
    /** Averages before maxima, as timm. */
    AVG_MAX,
    /** Maxima before averages, as fastai. */
    MAX_AVG;

    @Override
    public String toString() {
      return this == AVG_MAX ? "avg-max" : "max-avg";
    }
  }

  /** The maximum in some planes, the average in the others, by a fair coin for each. */
  record Random() implements Mixture {
    @Override
    public Set<Role> results() {
      return EnumSet.of(Role.OUTPUT, Role.CHOICE);
    }

    @Override
    public boolean draws() {
      return true;
    }

    @Override
    public String name() {
      return "random";
    }

    @Override
    public String toString() {
      return name();
    }
  }
}
