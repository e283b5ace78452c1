package io.github.clpool.op;

import io.github.clpool.exact.Precision;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Require;
import java.util.EnumSet;
import java.util.Set;

/**
 * The maximum, or the average, of each bin of each region of interest, in whole cells: PyTorch's
 * {@code roi_pool}, ONNX's MaxRoiPool. Immutable; each method returns a changed copy.
 *
 * <pre>{@code
 * RoiPool heads = RoiPool.output(7, 7).spatialScale(1.0 / 16);
 * }</pre>
 *
 * @param outputHeight the number of rows of bins
 * @param outputWidth the number of columns of bins
 * @param spatialScale what coordinates are multiplied with
 * @param averages whether bins are averaged instead of their maximum taken
 */
public record RoiPool(int outputHeight, int outputWidth, double spatialScale, boolean averages)
    implements RoiOperator {
  /**
   * Checks the numbers.
   *
   * @param outputHeight the number of rows of bins
   * @param outputWidth the number of columns of bins
   * @param spatialScale what coordinates are multiplied with
   * @param averages whether bins are averaged instead of their maximum taken
   */
  public RoiPool {
    RoiOperator.check(outputHeight, outputWidth, spatialScale);
  }

  /**
   * The maximum of each bin, with boxes in cells of the input.
   *
   * @param height the number of rows of bins, at least 1
   * @param width the number of columns of bins, at least 1
   * @return the operator
   */
  public static RoiPool output(int height, int width) {
    return new RoiPool(height, width, 1, false);
  }

  /**
   * Sets what coordinates are multiplied with.
   *
   * @param scale a finite number above 0, such as 1/16 for boxes in pixels of a picture that the
   *     input was made from with stride 16
   * @return the changed copy
   */
  public RoiPool spatialScale(double scale) {
    return new RoiPool(outputHeight, outputWidth, scale, averages);
  }

  /**
   * Averages each bin instead.
   *
   * @return the changed copy
   */
  public RoiPool avg() {
    return new RoiPool(outputHeight, outputWidth, spatialScale, true);
  }

  @Override
  public String name() {
    return "roi_pool";
  }

  @Override
  public boolean hasIndices() {
    return !averages;
  }

  @Override
  public Set<Role> keptForBackward() {
    return averages ? EnumSet.of(Role.ROIS) : EnumSet.of(Role.ROIS, Role.INDICES);
  }

  /**
   * The rows of a region.
   *
   * @param roi the region
   * @param height the height of the input
   * @return the axis
   */
  public Axis rows(Roi roi, int height) {
    Require.present("roi", roi);
    return Axis.of(roi.y1(), roi.y2(), outputHeight, height, roi.type());
  }

  /**
   * The columns of a region.
   *
   * @param roi the region
   * @param width the width of the input
   * @return the axis
   */
  public Axis columns(Roi roi, int width) {
    Require.present("roi", roi);
    return Axis.of(roi.x1(), roi.x2(), outputWidth, width, roi.type());
  }

  /**
   * The bins of a region along one axis: ranges of cells, clipped to the input. Immutable.
   *
   * @param start the region's first cell
   * @param bin the length of a bin
   * @param size the size of the input
   * @param type the computing type
   */
  public record Axis(int start, double bin, int size, DataType type) {
    /**
     * Checks that there is a computing type.
     *
     * @param start the region's first cell
     * @param bin the length of a bin
     * @param size the size of the input
     * @param type the computing type
     */
    public Axis {
      Require.present("type", type);
    }

    private static Axis of(double first, double last, int bins, int size, DataType type) {
      Precision precision = Precision.of(type);
      int start = round(first);
      int length = Math.max(round(last) - start + 1, 1);
      double bin = precision.round(precision.round(length) / precision.round(bins));
      return new Axis(start, bin, size, type);
    }

    /** Half away from zero, as in C. */
    private static int round(double coordinate) {
      int whole = (int) coordinate;
      return Math.abs(coordinate - whole) >= 0.5 ? whole + (coordinate < 0 ? -1 : 1) : whole;
    }

    /**
     * The first cell of a bin.
     *
     * @param index the bin
     * @return the cell, in [0, size]
     */
    public int first(int index) {
      Precision precision = Precision.of(type);
      return clip((int) Math.floor(precision.round(precision.round(index) * bin)) + start);
    }

    /**
     * Where a bin ends.
     *
     * @param index the bin
     * @return one after its last cell, in [0, size]
     */
    public int end(int index) {
      Precision precision = Precision.of(type);
      return clip((int) Math.ceil(precision.round(precision.round(index + 1) * bin)) + start);
    }

    private int clip(int cell) {
      return Math.min(Math.max(cell, 0), size);
    }
  }

  @Override
  public String toString() {
    return RoiOperator.text(this) + (averages ? " avg" : "");
  }
}
