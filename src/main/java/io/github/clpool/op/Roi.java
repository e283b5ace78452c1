package io.github.clpool.op;

import io.github.clpool.exact.Precision;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * A region of interest in cells of the input: coordinates times spatialScale. The second corner may
 * lie before the first. Immutable.
 *
 * @param image its batch index
 * @param x1 the column of its first corner
 * @param y1 the row of its first corner
 * @param x2 the column of its second corner
 * @param y2 the row of its second corner
 * @param type the computing type, in which all geometry is done
 */
public record Roi(int image, double x1, double y1, double x2, double y2, DataType type) {
  /**
   * Checks that there is a computing type.
   *
   * @param image its batch index
   * @param x1 the column of its first corner
   * @param y1 the row of its first corner
   * @param x2 the column of its second corner
   * @param y2 the row of its second corner
   * @param type the computing type, in which all geometry is done
   */
  public Roi {
    Require.present("type", type);
  }

  /** The numbers of a region: batch index, x1, y1, x2, y2. */
  public static final int NUMBERS = 5;

  private static final double FARTHEST = 1 << 24;
  private static final long MOST_ENTRIES = 1 << 29;
  private static final String[] NAMES = {"batch index", "x1", "y1", "x2", "y2"};

  /** Scales and checks regions that are given as numbers, in the order of {@link #NUMBERS}. */
  static List<Roi> read(RoiOperator operator, Shape input, DataType type, double... rows) {
    DataType computing = type.computingType();
    Precision precision = Precision.of(computing);
    double scale = precision.round(operator.spatialScale());
    Require.that(
        input.n() <= Integer.MAX_VALUE,
        "input has shape %s, but must be at most %d images for regions of interest",
        input,
        Integer.MAX_VALUE);
    List<Roi> rois = new ArrayList<>();
    long entries = 0;
    for (int k = 0; k < rows.length / NUMBERS; k++) {
      double image = rows[k * NUMBERS];
      Require.that(
          image >= 0 && image < input.n() && image == Math.rint(image),
          "rois[%d] has batch index %s, but must have an integer in [0, %d)",
          k,
          image,
          input.n());
      double[] corners = new double[NUMBERS];
      for (int i = 1; i < NUMBERS; i++) {
        double given = rows[k * NUMBERS + i];
        corners[i] = precision.round(given * scale);
        Require.that(
            Math.abs(corners[i]) <= FARTHEST,
            "rois[%d] has %s %s, times spatialScale %s is %s, but must be within 2^24 cells",
            k,
            NAMES[i],
            given,
            operator.spatialScale(),
            corners[i]);
      }
      Roi roi = new Roi((int) image, corners[1], corners[2], corners[3], corners[4], computing);
      operator.check(k, roi);
      rois.add(roi);
      entries += roi.mostEntries(operator, input);
    }
    Require.that(
        entries <= MOST_ENTRIES,
        "rois are %d, whose bins take up to %d cells and samples along both axes, but must take at"
            + " most %d together",
        rois.size(),
        entries,
        MOST_ENTRIES);
    return rois;
  }

  /** The most positions of the region and entries of its bins, along both axes. */
  private long mostEntries(RoiOperator operator, Shape input) {
    long rows = 1;
    long columns = 1;
    if (operator instanceof RoiAlign align) {
      rows = Math.max(align.rows(this, input.h()).samples(), 1);
      columns = Math.max(align.columns(this, input.w()).samples(), 1);
    }
    return mostPositions(y1, y2, input.h())
        + mostPositions(x1, x2, input.w())
        + 2 * (rows * operator.outputHeight() + columns * operator.outputWidth());
  }

  private static long mostPositions(double first, double last, int size) {
    return (long) Math.min(size, Math.abs(last - first) + 2);
  }
}
