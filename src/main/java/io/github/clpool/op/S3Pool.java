package io.github.clpool.op;

import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import java.util.EnumSet;
import java.util.Set;

/**
 * S3Pool (Zhai 2017): stochastic spatial sampling. {@link #training} is the maximum over windows at
 * places that each call draws; the operator itself is what stands for it in inference: the maximum
 * over all windows of stride 1, then an average that brings them to the same size. Immutable.
 *
 * <pre>{@code
 * S3Pool s3 = S3Pool.of(4, 2);
 * Pass pass = pooling.forward(s3.training(), Inputs.of(x).key(key));
 * Tensor y = pooling.run(s3, x);
 * }</pre>
 *
 * @param regions the regions of training
 */
public record S3Pool(Sampled regions) implements Operator {
  /**
   * Checks that there are regions.
   *
   * @param regions the regions of training
   */
  public S3Pool {
    Require.present("regions", regions);
  }

  /**
   * Makes the operator.
   *
   * @param grid the size of a grid cell, a multiple of the window
   * @param window the size of a window, at least 1
   * @return the operator
   * @throws IllegalArgumentException if a number breaks its rule
   */
  public static S3Pool of(int grid, int window) {
    return new S3Pool(Regions.sampled(grid, window));
  }

  /**
   * The pooling for training; its calls need a {@link RandomKey}.
   *
   * @return the maximum over sampled regions
   */
  public Pool training() {
    return Pool.max().over(regions);
  }

  /**
   * The first half of inference.
   *
   * @return the maximum over windows of stride 1
   */
  public Pool maximum() {
    return Pool.max().over(Regions.window(window()).stride(1));
  }

  /**
   * The second half of inference, of the first one's output.
   *
   * @return the average over windows side by side, half a window beyond both ends
   */
  public Pool average() {
    int[] padding = regions.kernel().stream().mapToInt(k -> k / 2).toArray();
    return Pool.avg().countIncludePad(false).over(Regions.window(window()).padding(padding));
  }

  private int[] window() {
    return regions.kernel().stream().mapToInt(Integer::intValue).toArray();
  }

  @Override
  public boolean takes(DataType type, Direction direction) {
    return Operator.super.takes(type, direction) || type.isByte() && direction == Direction.FORWARD;
  }

  @Override
  public String name() {
    return "s3_pool";
  }

  /** The size of training, whose checks apply. */
  @Override
  public Shape outputShape(Shape input) {
    Require.present("input", input);
    return training().outputShape(input);
  }

  @Override
  public Set<Role> keptForBackward() {
    return EnumSet.of(Role.INPUT);
  }

  @Override
  public String toString() {
    return "s3_pool grid="
        + PerAxis.text(regions.grid())
        + " window="
        + PerAxis.text(regions.kernel())
        + " inference";
  }
}
