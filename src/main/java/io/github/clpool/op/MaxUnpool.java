package io.github.clpool.op;

import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Puts the values of a selecting pooling back where they came from: each goes to the cell that its
 * position names, all other cells are 0. Where several name one cell, the one with the highest flat
 * index wins, and only it gets a gradient; position -1 names none. Immutable.
 *
 * <pre>{@code
 * MaxUnpool decoder = MaxUnpool.of(Regions.window(2));
 * Tensor y = pooling.run(decoder, Inputs.of(values).positions(pass.indices()));
 * }</pre>
 *
 * @param window the windows of the pooling, from which the output size follows; empty if it is
 *     given
 * @param outputSize the spatial sizes of the output; none if there is a window
 * @param distinctPositions whether the caller promises that no two positions of a plane are equal
 */
public record MaxUnpool(
    Optional<Window> window, List<Integer> outputSize, boolean distinctPositions)
    implements Operator {
  /**
   * Copies the list, and checks it and that there is either a window or a size.
   *
   * @param window the windows of the pooling, from which the output size follows; empty if it is
   *     given
   * @param outputSize the spatial sizes of the output; none if there is a window
   * @param distinctPositions whether the caller promises that no two positions of a plane are equal
   */
  public MaxUnpool {
    Require.present("window", window);
    outputSize = PerAxis.checkedIfGiven("output size", 1, outputSize);
    Require.that(
        window.isPresent() == outputSize.isEmpty(),
        "output size is %s and window %s, but one of them must be given",
        PerAxis.text(outputSize),
        window.map(Window::toString).orElse("none"));
    window.ifPresent(MaxUnpool::check);
  }

  private static void check(Window window) {
    window.validate();
    Require.that(
        window.dilation().stream().allMatch(distance -> distance == 1)
            && !window.ceil()
            && window.samePadding() == Window.Same.NONE,
        "window is '%s', but unpooling knows no dilation, ceilMode or same; give the output size",
        window);
  }

  /**
   * Undoes a pooling over windows; the output size is {@code (I - 1) * stride - (before + after) +
   * kernel}.
   *
   * @param window kernel, stride and padding
   * @return the operator
   * @throws IllegalArgumentException if the windows have dilation or another way to find the size
   */
  public static MaxUnpool of(Window window) {
    return new MaxUnpool(Optional.of(Require.present("window", window)), List.of(), false);
  }

  /**
   * Unpools to a given size.
   *
   * @param size the spatial sizes of the output: one number for all axes or one per axis, each at
   *     least 1
   * @return the operator
   */
  public static MaxUnpool to(int... size) {
    return new MaxUnpool(Optional.empty(), PerAxis.of("output size", 1, size), false);
  }

  /**
   * Undoes a pooling of an input: the output has the input's size.
   *
   * @param pool a pooling that selects cells
   * @param input the shape of what was pooled
   * @return the operator; positions are promised to be distinct where the regions do not overlap
   * @throws IllegalArgumentException if the pooling selects no cells
   */
  public static MaxUnpool of(Pool pool, Shape input) {
    Require.present("pool", pool);
    Require.present("input", input);
    Require.that(pool.hasIndices(), "pool is '%s', but must select cells", pool);
    MaxUnpool unpool = to(input.spatial());
    return pool.geometry(input).isDisjoint() ? unpool.distinct() : unpool;
  }

  /**
   * Promises that no two positions of a plane are equal but -1, as after a pooling whose regions do
   * not overlap; saves a pass. If they are not, any of the values wins.
   *
   * @return the changed copy
   */
  public MaxUnpool distinct() {
    return new MaxUnpool(window, outputSize, true);
  }

  @Override
  public String name() {
    return "max_unpool";
  }

  @Override
  public Shape outputShape(Shape input) {
    Require.present("input", input);
    Require.that(input.hasPlanes(), "input has shape %s, which has no planes to unpool", input);
    int[] sizes = new int[input.axes()];
    if (window.isPresent()) {
      Window windows = window.get();
      checkCounts(windows, input);
      Arrays.setAll(sizes, axis -> outputSize(windows, input.spatial(axis), axis));
    } else {
      PerAxis.checkCount("output size", outputSize, input);
      Arrays.setAll(sizes, axis -> PerAxis.at(outputSize, axis));
    }
    return input.withSpatial(sizes);
  }

  private static void checkCounts(Window windows, Shape input) {
    PerAxis.checkCount("kernel", windows.kernel(), input);
    if (!windows.stride().isEmpty()) {
      PerAxis.checkCount("stride", windows.stride(), input);
    }
    PerAxis.checkCount("padding", windows.before(), input);
    PerAxis.checkCount("padding", windows.after(), input);
  }

  private static int outputSize(Window windows, long in, int axis) {
    long kernel = PerAxis.at(windows.kernel(), axis);
    long stride = windows.stride().isEmpty() ? kernel : PerAxis.at(windows.stride(), axis);
    long before = PerAxis.at(windows.before(), axis);
    long after = PerAxis.at(windows.after(), axis);
    long out = (in - 1) * stride - (before + after) + kernel;
    Require.that(
        out >= 1 && out <= Integer.MAX_VALUE,
        "output size is %d = (%d - 1) * %d - (%d + %d) + %d, from input size, stride, padding"
            + " before, after and kernel of axis %d, but must be at least 1 and below 2^31",
        out,
        in,
        stride,
        before,
        after,
        kernel,
        axis);
    return (int) out;
  }

  @Override
  public Set<Role> parameters() {
    return EnumSet.of(Role.POSITIONS);
  }

  @Override
  public boolean takes(DataType type, Direction direction) {
    return Operator.super.takes(type, direction) || type.isByte() && direction == Direction.FORWARD;
  }

  @Override
  public Set<Role> keptForBackward() {
    return EnumSet.of(Role.POSITIONS);
  }

  @Override
  public String toString() {
    return "max_unpool "
        + window.map(Window::toString).orElseGet(() -> "output=" + PerAxis.text(outputSize))
        + (distinctPositions ? " distinct" : "");
  }
}
