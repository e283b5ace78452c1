package io.github.clpool.op;

import io.github.clpool.exact.Precision;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Require;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * Interpolated samples of each bin of each region of interest, averaged or their maximum taken:
 * {@code roi_align} of PyTorch and ONNX. Immutable; each method returns a changed copy.
 *
 * <pre>{@code
 * RoiAlign heads = RoiAlign.output(7, 7).spatialScale(0.25).samplingRatio(2).aligned();
 * }</pre>
 *
 * @param outputHeight the number of rows of bins
 * @param outputWidth the number of columns of bins
 * @param spatialScale what coordinates are multiplied with
 * @param samplingRatio the samples of a bin along each axis, 0 for as many as it has cells
 * @param isAligned whether whole coordinates are the corners of cells instead of their centres
 * @param mode what is made of a bin's samples
 */
public record RoiAlign(
    int outputHeight,
    int outputWidth,
    double spatialScale,
    int samplingRatio,
    boolean isAligned,
    Mode mode)
    implements RoiOperator {
  /** How many samples a bin may have. */
  public static final int MOST_SAMPLES = 1 << 20;

  /** What is made of a bin's samples. */
  public enum Mode {
    /** Their average. */
    AVG,
    /** Their maximum. */
    MAX,
    /**
     * The maximum of the four weighted cells of all samples, which never interpolates: what ONNX's
     * reference and ONNX Runtime compute as {@code max}.
     */
    MAX_ONNX;

    /** The word of an operator's text. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * Checks the numbers.
   *
   * @param outputHeight the number of rows of bins
   * @param outputWidth the number of columns of bins
   * @param spatialScale what coordinates are multiplied with
   * @param samplingRatio the samples of a bin along each axis, 0 for as many as it has cells
   * @param isAligned whether whole coordinates are the corners of cells instead of their centres
   * @param mode what is made of a bin's samples
   */
  public RoiAlign {
    RoiOperator.check(outputHeight, outputWidth, spatialScale);
    Require.atLeast("samplingRatio", samplingRatio, 0);
    Require.present("mode", mode);
  }

  /**
   * The average of as many samples as a bin has cells, not aligned, with boxes in cells of the
   * input.
   *
   * @param height the number of rows of bins, at least 1
   * @param width the number of columns of bins, at least 1
   * @return the operator
   */
  public static RoiAlign output(int height, int width) {
    return new RoiAlign(height, width, 1, 0, false, Mode.AVG);
  }

  /**
   * Sets what coordinates are multiplied with.
   *
   * @param scale a finite number above 0, such as 1/16 for boxes in pixels of a picture that the
   *     input was made from with stride 16
   * @return the changed copy
   */
  public RoiAlign spatialScale(double scale) {
    return new RoiAlign(outputHeight, outputWidth, scale, samplingRatio, isAligned, mode);
  }

  /**
   * Sets the number of samples of a bin.
   *
   * @param samples along each axis, or 0, the default, for as many as the bin has cells, rounded up
   * @return the changed copy
   */
  public RoiAlign samplingRatio(int samples) {
    return new RoiAlign(outputHeight, outputWidth, spatialScale, samples, isAligned, mode);
  }

  /**
   * Shifts boxes by half a cell, since a cell's centre lies at half its width; lets them be smaller
   * than a cell.
   *
   * @return the changed copy
   */
  public RoiAlign aligned() {
    return new RoiAlign(outputHeight, outputWidth, spatialScale, samplingRatio, true, mode);
  }

  /**
   * Sets what is made of a bin's samples.
   *
   * @param other the mode
   * @return the changed copy
   */
  public RoiAlign mode(Mode other) {
    return new RoiAlign(outputHeight, outputWidth, spatialScale, samplingRatio, isAligned, other);
  }

  @Override
  public String name() {
    return "roi_align";
  }

  @Override
  public boolean averages() {
    return mode == Mode.AVG;
  }

  @Override
  public boolean interpolates() {
    return true;
  }

  /** The maximum's winners are found again from the input. */
  @Override
  public Set<Role> keptForBackward() {
    return averages() ? EnumSet.of(Role.ROIS) : EnumSet.of(Role.INPUT, Role.ROIS);
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
    return axis(roi.y1(), roi.y2(), outputHeight, height, roi.type());
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
    return axis(roi.x1(), roi.x2(), outputWidth, width, roi.type());
  }

  private Axis axis(double first, double last, int bins, int size, DataType type) {
    Precision precision = Precision.of(type);
    double offset = isAligned ? 0.5 : 0;
    double start = precision.round(first - offset);
    double length = precision.round(precision.round(last - offset) - start);
    double divisor = precision.round(bins);
    double bin = precision.round((isAligned ? length : Math.max(length, 1)) / divisor);
    int samples = samplingRatio > 0 ? samplingRatio : Math.max((int) Math.ceil(bin), 0);
    return new Axis(start, bin, samples, size, type);
  }

  /**
   * The number of samples of each bin of a region.
   *
   * @param roi the region
   * @return 0 where a reversed region chooses its own number
   */
  public long samples(Roi roi) {
    return (long) rows(roi, 1).samples() * columns(roi, 1).samples();
  }

  @Override
  public void check(int index, Roi roi) {
    int rows = rows(roi, 1).samples();
    int columns = columns(roi, 1).samples();
    Require.that(
        samples(roi) <= MOST_SAMPLES,
        "rois[%d] has %d x %d samples in a bin, but must have at most %d",
        index,
        rows,
        columns,
        MOST_SAMPLES);
  }

  /**
   * The samples of a region along one axis. A sample lies between two cells and weighs them.
   * Immutable.
   *
   * @param start where the region begins
   * @param bin the length of a bin, negative in a reversed region
   * @param samples the number of samples of a bin
   * @param size the size of the input
   * @param type the computing type
   */
  public record Axis(double start, double bin, int samples, int size, DataType type) {
    /**
     * Checks that there is a computing type.
     *
     * @param start where the region begins
     * @param bin the length of a bin, negative in a reversed region
     * @param samples the number of samples of a bin
     * @param size the size of the input
     * @param type the computing type
     */
    public Axis {
      Require.present("type", type);
    }

    /**
     * Where a sample lies.
     *
     * @param index the bin
     * @param sample the sample of the bin
     * @return its coordinate, at least 0, or -1 for a sample that is outside
     */
    public double at(int index, int sample) {
      Precision precision = Precision.of(type);
      double first = precision.round(start + precision.round(precision.round(index) * bin));
      double offset = precision.round(precision.round((sample + 0.5) * bin) / samples);
      double x = precision.round(first + offset);
      return x >= -1 && x <= precision.round(size) ? Math.max(x, 0) : -1;
    }

    /**
     * The first of the two cells that a sample lies between.
     *
     * @param x where the sample lies
     * @return the cell
     */
    public int low(double x) {
      return Math.min((int) x, size - 1);
    }

    /**
     * The second cell.
     *
     * @param x where the sample lies
     * @return the cell, which at the end of the input is the first one too
     */
    public int high(double x) {
      return Math.min((int) x + 1, size - 1);
    }

    /**
     * What the second cell weighs; the first weighs the rest of 1.
     *
     * @param x where the sample lies
     * @return a number in [0, 1), 0 at the end of the input
     */
    public double weight(double x) {
      int low = low(x);
      return low == size - 1 ? 0 : Precision.of(type).round(x - low);
    }
  }

  @Override
  public String toString() {
    return RoiOperator.text(this)
        + (samplingRatio == 0 ? "" : " samplingRatio=" + samplingRatio)
        + (isAligned ? " aligned" : "")
        + (mode == Mode.AVG ? "" : " mode=" + mode);
  }
}
