package io.github.clpool.op;

import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Where a pooling looks: the cells that feed each output. Immutable values; see docs/semantics.md,
 * section 4. A parameter that takes one number per spatial axis also takes a single number for all.
 */
public sealed interface Regions permits Window, Global, Adaptive, Fractional, Sampled {
  /**
   * Sliding windows of a size; stride defaults to the size, padding to 0, dilation to 1.
   *
   * @param kernel the size, one number for all axes or one per axis, each at least 1
   * @return the regions
   * @throws IllegalArgumentException if a size is below 1 or the count is not 1 to 3
   */
  static Window window(int... kernel) {
    return Window.of(kernel);
  }

  /**
   * One region, the whole plane.
   *
   * @return the regions
   */
  static Global global() {
    return new Global();
  }

  /**
   * A given number of regions that cut the plane evenly, overlapping by a cell where they must.
   *
   * @param output the output size, one number for all axes or one per axis, each at least 1 or
   *     {@link Adaptive#KEEP}
   * @return the regions
   * @throws IllegalArgumentException if a size is below 1 or the count is not 1 to 3
   */
  static Adaptive adaptive(int... output) {
    return Adaptive.of(output);
  }

  /**
   * Regions of one size at places that are drawn for each plane; the output's size or ratio is to
   * be set.
   *
   * @param kernel the size, one number for all axes or one per axis, each at least 1
   * @return the regions
   * @throws IllegalArgumentException if a size is below 1 or the count is not 1 to 3
   */
  static Fractional fractional(int... kernel) {
    return Fractional.of(kernel);
  }

  /**
   * S3Pool's regions: in each grid cell so many of a size that they could fill it, at places that
   * are drawn for each call.
   *
   * @param grid the size of a grid cell, a multiple of the kernel
   * @param kernel the size of a region, at least 1
   * @return the regions
   * @throws IllegalArgumentException if a number breaks its rule
   */
  static Sampled sampled(int grid, int kernel) {
    return Sampled.of(new int[] {grid}, kernel);
  }

  /**
   * The same with one number per axis.
   *
   * @param grid the size of a grid cell, one number for all axes or one per axis
   * @param kernel the size of a region, alike
   * @return the regions
   * @throws IllegalArgumentException if a number breaks its rule
   */
  static Sampled sampled(int[] grid, int[] kernel) {
    return Sampled.of(grid, kernel);
  }

  /**
   * Checks what does not depend on a shape.
   *
   * @throws IllegalArgumentException naming the parameter, its value and the rule
   */
  void validate();

  /**
   * Whether each call draws where the regions lie, so that {@link #geometry} knows only their
   * sizes.
   *
   * @return true for fractional and sampled regions
   */
  default boolean isDrawn() {
    return false;
  }

  /**
   * Whether each plane has places of its own, so that planes have to be told apart.
   *
   * @return true for fractional regions
   */
  default boolean isPlacedPerPlane() {
    return false;
  }

  /**
   * Whether regions may reach into padding.
   *
   * @return true for windows
   */
  default boolean hasPadding() {
    return false;
  }

  /**
   * Whether an average that is not told otherwise counts taps in the padding.
   *
   * @return true for windows whose padding is explicit
   */
  default boolean countsPadding() {
    return false;
  }

  /**
   * The tensors that a call may be given to place the regions, instead of drawing.
   *
   * @return the roles
   */
  default Set<Role> optionalParameters() {
    return EnumSet.noneOf(Role.class);
  }

  /**
   * Lays the regions over an input.
   *
   * @param input a shape with planes
   * @return the geometry, with an {@link UnplacedAxis} where places are drawn
   * @throws IllegalArgumentException if they do not fit, with the formula and its numbers
   */
  Geometry geometry(Shape input);

  /**
   * Lays the regions over the planes of a call.
   *
   * @param problem the call
   * @param tensors the call's tensors
   * @param key the call's random key, asked for only where it is needed
   * @return the places
   * @throws IllegalArgumentException if a tensor has what is no place
   */
  default Places places(Problem problem, Function<Role, Tensor> tensors, Supplier<RandomKey> key) {
    Require.present("problem", problem);
    Require.present("tensors", tensors);
    Require.present("key", key);
    return Places.everywhere(geometry(problem.input()));
  }

  /**
   * The shape that comes out, without listing the regions.
   *
   * @param input a shape with planes
   * @return the input shape with the output's spatial sizes
   * @throws IllegalArgumentException as {@link #geometry}
   */
  default Shape outputShape(Shape input) {
    return geometry(input).outputShape(input);
  }

  /** The text that {@link Operators#parse} reads. */
  @Override
  String toString();
}
