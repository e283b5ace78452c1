package io.github.clpool.op;

import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Maximum and average mixed, the padding of windows not counted unless told otherwise. Each method
 * returns a changed copy.
 *
 * @param mixture how they are combined
 * @param countsPadding whether a window's taps in the padding count for the average
 */
public record Mix(Mixture mixture, boolean countsPadding) implements Reduction {
  /**
   * Checks that there is a mixture.
   *
   * @param mixture how they are combined
   * @param countsPadding whether a window's taps in the padding count for the average
   */
  public Mix {
    Require.present("mixture", mixture);
  }

  /**
   * The sum of maximum and average.
   *
   * @return the changed copy
   */
  public Mix add() {
    return with(Mixture.ADD);
  }

  /**
   * The mean of maximum and average.
   *
   * @return the changed copy
   */
  public Mix mean() {
    return with(Mixture.MEAN);
  }

  /**
   * {@code alpha * max + (1 - alpha) * avg}; alpha is {@link Role#WEIGHTS}, one number or one for
   * each channel.
   *
   * @return the changed copy
   */
  public Mix alpha() {
    return with(new Mixture.Alpha());
  }

  /**
   * The same with the sigmoid of a dot product for alpha; {@link Role#WEIGHTS} has the window's
   * shape, with the channels before it if each has weights of its own.
   *
   * @return the changed copy
   */
  public Mix gated() {
    return with(new Mixture.Gated());
  }

  /**
   * Both, as twice the channels.
   *
   * @param order which half comes first
   * @return the changed copy
   */
  public Mix cat(Mixture.Order order) {
    return with(new Mixture.Cat(order));
  }

  /**
   * The maximum in some planes, the average in the others, by a fair coin for each; {@link
   * Role#CHOICE} tells which.
   *
   * @return the changed copy
   */
  public Mix random() {
    return with(new Mixture.Random());
  }

  /**
   * Counts a window's taps in the padding for the average; without effect on other regions.
   *
   * @return the changed copy
   */
  public Mix countIncludePad() {
    return new Mix(mixture, true);
  }

  private Mix with(Mixture other) {
    return new Mix(other, countsPadding);
  }

  @Override
  public String word() {
    return "mix";
  }

  @Override
  public Set<Role> parameters() {
    return mixture.parameters();
  }

  @Override
  public List<Shape> weights(Shape input, Regions regions) {
    return mixture.weights(input, regions);
  }

  @Override
  public void checkRegions(Regions regions) {
    mixture.checkRegions(regions);
  }

  @Override
  public Divisor divisorOver(Regions regions) {
    return Divisor.counting(countsPadding, regions);
  }

  @Override
  public Shape outputShape(Shape pooled) {
    Require.present("pooled", pooled);
    return pooled.withChannels(mixture.channels() * pooled.c());
  }

  @Override
  public boolean draws(Direction direction, Set<Role> given) {
    return mixture.draws() && direction == Direction.FORWARD;
  }

  @Override
  public Set<Role> results() {
    return mixture.results();
  }

  @Override
  public Set<Role> keptForBackward() {
    Set<Role> kept = EnumSet.of(Role.INPUT);
    kept.addAll(parameters());
    kept.addAll(results());
    kept.remove(Role.OUTPUT);
    return kept;
  }

  @Override
  public String toString() {
    return word() + " " + mixture + (countsPadding ? " countIncludePad" : "");
  }
}
