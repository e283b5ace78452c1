package io.github.clpool.op;

import io.github.clpool.tensor.Require;

/**
 * The taps of a window, numbered like the cells of a plane of the window's size, and which cells
 * they are for each output. Immutable.
 *
 * @param geometry windows along every axis
 */
public record WindowTaps(Geometry geometry) {
  /**
   * Checks that there is a geometry.
   *
   * @param geometry the windows
   */
  public WindowTaps {
    Require.present("geometry", geometry);
  }

  /**
   * The number of taps.
   *
   * @return the product of the kernel sizes
   */
  public int count() {
    return geometry.d().maxTaps() * geometry.h().maxTaps() * geometry.w().maxTaps();
  }

  /**
   * The tap that a cell is.
   *
   * @param output the flat index of an output
   * @param cell the flat index of a cell of its window
   * @return the tap's number
   */
  public int tap(int output, int cell) {
    AxisRegions d = geometry.d();
    AxisRegions h = geometry.h();
    AxisRegions w = geometry.w();
    int td = tap(d, output / w.outputSize() / h.outputSize(), cell / w.inputSize() / h.inputSize());
    int th = tap(h, output / w.outputSize() % h.outputSize(), cell / w.inputSize() % h.inputSize());
    int tw = tap(w, output % w.outputSize(), cell % w.inputSize());
    return (td * h.maxTaps() + th) * w.maxTaps() + tw;
  }

  private static int tap(AxisRegions axis, int output, int cell) {
    return (cell - axis.origin(output)) / axis.step();
  }

  /**
   * The cell that a tap is.
   *
   * @param output the flat index of an output
   * @param tap the tap's number
   * @return the cell's flat index, or -1 in the padding
   */
  public int cell(int output, int tap) {
    AxisRegions d = geometry.d();
    AxisRegions h = geometry.h();
    AxisRegions w = geometry.w();
    int cd = cell(d, output / w.outputSize() / h.outputSize(), tap / w.maxTaps() / h.maxTaps());
    int ch = cell(h, output / w.outputSize() % h.outputSize(), tap / w.maxTaps() % h.maxTaps());
    int cw = cell(w, output % w.outputSize(), tap % w.maxTaps());
    return cd < 0 || ch < 0 || cw < 0 ? -1 : (cd * h.inputSize() + ch) * w.inputSize() + cw;
  }

  private static int cell(AxisRegions axis, int output, int tap) {
    boolean inside = tap >= axis.firstTap(output) && tap < axis.endTap(output);
    return inside ? axis.origin(output) + tap * axis.step() : -1;
  }
}
