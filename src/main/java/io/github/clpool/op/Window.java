package io.github.clpool.op;

import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import java.util.List;

/**
 * Sliding windows, as in every framework's pooling. Immutable; each method returns a changed copy.
 *
 * <p>Along an axis of {@code I} cells there are {@code floor(t / stride) + 1} windows, {@code t = I
 * + before + after - dilation * (kernel - 1) - 1}; with {@link #ceilMode} {@code t} grows by {@code
 * stride - 1}, and a last window that would start behind the input and the padding before it is
 * dropped.
 *
 * @param kernel the number of taps
 * @param stride the distance between windows; empty for the kernel size
 * @param before the padding before each axis
 * @param after the padding after each axis
 * @param dilation the distance between taps
 * @param ceil whether a last, incomplete window is kept
 * @param wide whether padding may be wider than half the kernel size
 * @param samePadding whether and how the padding follows from the output size
 */
public record Window(
    List<Integer> kernel,
    List<Integer> stride,
    List<Integer> before,
    List<Integer> after,
    List<Integer> dilation,
    boolean ceil,
    boolean wide,
    Same samePadding)
    implements Regions {

  /** Padding that gives {@code ceil(I / stride)} outputs. */
  public enum Same {
    /** Padding is explicit. */
    NONE,
    /** ONNX's SAME_UPPER: the odd cell of padding goes after the axis. */
    UPPER,
    /** ONNX's SAME_LOWER: the odd cell of padding goes before the axis. */
    LOWER
  }

  static Window of(int... kernel) {
    List<Integer> zero = List.of(0);
    return new Window(
        PerAxis.of("kernel", 1, kernel),
        List.of(),
        zero,
        zero,
        List.of(1),
        false,
        false,
        Same.NONE);
  }

  /**
   * Copies the lists and checks each number; {@link #validate} checks how they fit together.
   *
   * @param kernel the number of taps
   * @param stride the distance between windows; empty for the kernel size
   * @param before the padding before each axis
   * @param after the padding after each axis
   * @param dilation the distance between taps
   * @param ceil whether a last, incomplete window is kept
   * @param wide whether padding may be wider than half the kernel size
   * @param samePadding whether and how the padding follows from the output size
   */
  public Window {
    kernel = PerAxis.checked("kernel", 1, kernel);
    stride = PerAxis.checkedIfGiven("stride", 1, stride);
    before = PerAxis.checked("padding before", 0, before);
    after = PerAxis.checked("padding after", 0, after);
    dilation = PerAxis.checked("dilation", 1, dilation);
    Require.present("samePadding", samePadding);
  }

  /**
   * Sets the distance between windows.
   *
   * @param values one number for all axes or one per axis, each at least 1
   * @return the changed copy
   */
  public Window stride(int... values) {
    return new Window(
        kernel, PerAxis.of("stride", 1, values), before, after, dilation, ceil, wide, samePadding);
  }

  /**
   * Sets the padding on both sides.
   *
   * @param values one number for all axes or one per axis, each at least 0
   * @return the changed copy
   */
  public Window padding(int... values) {
    List<Integer> both = PerAxis.of("padding", 0, values);
    return new Window(kernel, stride, both, both, dilation, ceil, wide, samePadding);
  }

  /**
   * Sets the padding of each side.
   *
   * @param beforeValues before each axis: one number for all or one per axis, each at least 0
   * @param afterValues after each axis, alike
   * @return the changed copy
   */
  public Window padding(int[] beforeValues, int[] afterValues) {
    return new Window(
        kernel,
        stride,
        PerAxis.of("padding before", 0, beforeValues),
        PerAxis.of("padding after", 0, afterValues),
        dilation,
        ceil,
        wide,
        samePadding);
  }

  /**
   * Sets the distance between the taps of a window.
   *
   * @param values one number for all axes or one per axis, each at least 1
   * @return the changed copy
   */
  public Window dilation(int... values) {
    return new Window(
        kernel, stride, before, after, PerAxis.of("dilation", 1, values), ceil, wide, samePadding);
  }

  /**
   * Keeps a last, incomplete window.
   *
   * @return the changed copy
   */
  public Window ceilMode() {
    return new Window(kernel, stride, before, after, dilation, true, wide, samePadding);
  }

  /**
   * Allows padding wider than half the kernel size, of any width. A window that lies in the padding
   * altogether has an empty region.
   *
   * @return the changed copy
   */
  public Window widePadding() {
    return new Window(kernel, stride, before, after, dilation, ceil, true, samePadding);
  }

  /**
   * Pads so that {@code ceil(I / stride)} windows come out, the odd cell after; ONNX's SAME_UPPER.
   * An average counts this padding only where it is told to, by {@link Avg#countIncludePad}.
   * Excludes {@link #padding} and {@link #ceilMode}.
   *
   * @return the changed copy
   */
  public Window same() {
    return new Window(kernel, stride, before, after, dilation, ceil, wide, Same.UPPER);
  }

  /**
   * Like {@link #same}, the odd cell before; ONNX's SAME_LOWER.
   *
   * @return the changed copy
   */
  public Window sameLower() {
    return new Window(kernel, stride, before, after, dilation, ceil, wide, Same.LOWER);
  }

  @Override
  public void validate() {
    int axes = count();
    for (int axis = 0; axis < axes; axis++) {
      if (samePadding != Same.NONE) {
        Require.that(
            PerAxis.at(before, axis) == 0 && PerAxis.at(after, axis) == 0,
            "padding is %s:%s, but same and sameLower choose the padding themselves",
            PerAxis.text(before),
            PerAxis.text(after));
        Require.that(!ceil, "ceilMode is on, but same and sameLower exclude it");
      }
      if (!wide) {
        checkPadding("padding before", PerAxis.at(before, axis), PerAxis.at(kernel, axis));
        checkPadding("padding after", PerAxis.at(after, axis), PerAxis.at(kernel, axis));
      }
    }
  }

  private int count() {
    int most = 1;
    for (List<Integer> values : List.of(kernel, stride, before, after, dilation)) {
      Require.that(
          values.size() <= 1 || most == 1 || values.size() == most,
          "window parameters have %d and %d numbers, but must have as many as the input has"
              + " spatial axes, or 1",
          most,
          values.size());
      most = Math.max(most, values.size());
    }
    return most;
  }

  private static void checkPadding(String parameter, int padding, int kernel) {
    Require.that(
        2L * padding <= kernel,
        "%s is %d, but must be at most half the kernel %d (widePadding lifts this)",
        parameter,
        padding,
        kernel);
  }

  @Override
  public boolean hasPadding() {
    return true;
  }

  @Override
  public boolean countsPadding() {
    return samePadding == Same.NONE;
  }

  @Override
  public Geometry geometry(Shape input) {
    Require.present("input", input);
    validate();
    PerAxis.checkCount("kernel", kernel, input);
    if (!stride.isEmpty()) {
      PerAxis.checkCount("stride", stride, input);
    }
    PerAxis.checkCount("padding", before, input);
    PerAxis.checkCount("padding", after, input);
    PerAxis.checkCount("dilation", dilation, input);
    return Geometry.of(input, axis -> axis(input.spatial(axis), axis));
  }

  private WindowAxis axis(int in, int axis) {
    long size = PerAxis.at(kernel, axis);
    long step = stride.isEmpty() ? size : PerAxis.at(stride, axis);
    long distance = PerAxis.at(dilation, axis);
    long effective = distance * (size - 1) + 1;
    long front = PerAxis.at(before, axis);
    long back = PerAxis.at(after, axis);
    if (samePadding != Same.NONE) {
      long outputs = (in - 1) / step + 1;
      long total = Math.max((outputs - 1) * step + effective - in, 0);
      front = samePadding == Same.UPPER ? total / 2 : total - total / 2;
      back = total - front;
    }
    // Positions, also those of taps behind the axis, are computed in int.
    Require.that(
        in + front + back + effective + step <= Integer.MAX_VALUE,
        "kernel is %d with dilation %d, stride %d and padding %d, %d, but together with the input"
            + " size %d they must stay below 2^31",
        size,
        distance,
        step,
        front,
        back,
        in);
    long room = in + front + back - effective + (ceil ? step - 1 : 0);
    long out = Math.floorDiv(room, step) + 1;
    if (ceil && (out - 1) * step >= in + front) {
      out--;
    }
    Require.that(
        out >= 1,
        "output size is %d = floor((%d + %d + %d - %d * (%d - 1) - 1%s) / %d) + 1, from input size,"
            + " padding before, after, dilation, kernel%s and stride of axis %d, but must be at"
            + " least 1",
        out,
        in,
        front,
        back,
        distance,
        size,
        ceil ? " + " + (step - 1) : "",
        step,
        ceil ? ", ceilMode" : "",
        axis);
    return new WindowAxis(
        in, (int) out, (int) size, (int) step, (int) front, (int) back, (int) distance);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("window=").append(PerAxis.text(kernel));
    if (!stride.isEmpty()) {
      text.append(" stride=").append(PerAxis.text(stride));
    }
    if (!before.equals(after)) {
      text.append(" padding=").append(PerAxis.text(before)).append(':').append(PerAxis.text(after));
    } else if (!before.equals(List.of(0))) {
      text.append(" padding=").append(PerAxis.text(before));
    }
    if (!dilation.equals(List.of(1))) {
      text.append(" dilation=").append(PerAxis.text(dilation));
    }
    text.append(ceil ? " ceilMode" : "").append(wide ? " widePadding" : "");
    return text.append(
            samePadding == Same.UPPER ? " same" : samePadding == Same.LOWER ? " sameLower" : "")
        .toString();
  }
}
