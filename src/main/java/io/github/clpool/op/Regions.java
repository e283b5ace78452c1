package io.github.clpool.op;

import io.github.clpool.tensor.Shape;

/**
 * Where a pooling looks: the cells that feed each output. Immutable values; see docs/semantics.md,
 * section 4. A parameter that takes one number per spatial axis also takes a single number for all.
 */
public sealed interface Regions permits Window, Global, Adaptive {
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
   * Checks what does not depend on a shape.
   *
   * @throws IllegalArgumentException naming the parameter, its value and the rule
   */
  void validate();

  /**
   * Lays the regions over an input.
   *
   * @param input a shape with planes
   * @return the geometry
   * @throws IllegalArgumentException if they do not fit, with the formula and its numbers
   */
  Geometry geometry(Shape input);

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
