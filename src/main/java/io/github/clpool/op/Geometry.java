package io.github.clpool.op;

import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * The regions of a whole plane: a product of three axes. With fewer spatial axes the outer ones
 * have one cell and one output. Immutable.
 *
 * @param d depth
 * @param h height
 * @param w width
 */
public record Geometry(AxisRegions d, AxisRegions h, AxisRegions w) {
  /**
   * Checks that no axis is missing.
   *
   * @param d the regions along the depth
   * @param h the regions along the height
   * @param w the regions along the width
   */
  public Geometry {
    Require.present("d", d);
    Require.present("h", h);
    Require.present("w", w);
  }

  /**
   * Builds the geometry from the axes that a shape has.
   *
   * @param input the input shape
   * @param axis makes the regions of spatial axis 0, 1, ...
   * @return the geometry
   */
  static Geometry of(Shape input, IntFunction<AxisRegions> axis) {
    AxisRegions[] all = {WindowAxis.UNIT, WindowAxis.UNIT, WindowAxis.UNIT};
    for (int i = 0; i < input.axes(); i++) {
      all[3 - input.axes() + i] = axis.apply(i);
    }
    return new Geometry(all[0], all[1], all[2]);
  }

  /**
   * The regions of one axis.
   *
   * @param axis 0 depth, 1 height, 2 width
   * @return the axis
   */
  public AxisRegions axis(int axis) {
    return axis == 0 ? d : axis == 1 ? h : w;
  }

  /**
   * The shape that comes out.
   *
   * @param input the input shape that this geometry was made for
   * @return the input shape with the output's spatial sizes
   */
  public Shape outputShape(Shape input) {
    Require.present("input", input);
    int[] spatial = new int[input.axes()];
    for (int i = 0; i < spatial.length; i++) {
      spatial[i] = axis(3 - spatial.length + i).outputSize();
    }
    return input.withSpatial(spatial);
  }

  /**
   * The number of cells of a region.
   *
   * @param od the output's depth
   * @param oh its height
   * @param ow its width
   * @return the number, 0 for an empty region
   */
  public long cells(int od, int oh, int ow) {
    return (long) d.taps(od) * h.taps(oh) * w.taps(ow);
  }

  /**
   * The number of cells of a region, padding counted.
   *
   * @param od the output's depth
   * @param oh its height
   * @param ow its width
   * @return the number, at least 1
   */
  public long paddedCells(int od, int oh, int ow) {
    return (long) d.paddedTaps(od) * h.paddedTaps(oh) * w.paddedTaps(ow);
  }

  /**
   * Whether some window lies in the padding altogether, before the input or behind it.
   *
   * @return true if so along any axis
   */
  public boolean hasWindowsInPadding() {
    return Stream.of(d, h, w)
        .anyMatch(axis -> axis instanceof WindowAxis window && window.hasWindowsInPadding());
  }

  /**
   * Whether no cell feeds two outputs.
   *
   * @return true if regions do not overlap
   */
  public boolean isDisjoint() {
    return d.isDisjoint() && h.isDisjoint() && w.isDisjoint();
  }
}
