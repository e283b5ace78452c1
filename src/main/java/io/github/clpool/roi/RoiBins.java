package io.github.clpool.roi;

import io.github.clpool.exact.Precision;
import io.github.clpool.exact.Sums;
import io.github.clpool.op.Roi;
import io.github.clpool.op.RoiAlign;
import io.github.clpool.op.RoiOperator;
import io.github.clpool.op.RoiPool;
import io.github.clpool.tensor.Require;
import java.util.Arrays;
import java.util.List;

/**
 * What the bins of the regions of a call are made of, as flat tables: each bin lists entries along
 * its axis, a position and a number each. Bins are counted region by region, those of its rows
 * before those of its columns. Immutable by convention: the arrays are not copied.
 */
public final class RoiBins {
  /** The number of rows of bins of a region. */
  public final int rows;

  /** How many bins a region has along both axes together. */
  public final int perRoi;

  /** For each bin where its entries begin, and at the end how many there are. */
  public final int[] begins;

  private int[] positions = new int[64];
  private double[] numbers = new double[64];
  private int bin;

  private RoiBins(RoiOperator operator, List<Roi> listed) {
    Require.present("operator", operator);
    int rois = Require.present("rois", listed).size();
    this.rows = operator.outputHeight();
    long bins = (long) rows + operator.outputWidth();
    Require.that(
        bins * rois < Integer.MAX_VALUE,
        "rois are %d, but with %d bins for each along both axes there must be less than 2^31",
        rois,
        bins);
    this.perRoi = (int) bins;
    this.begins = new int[rois * perRoi + 1];
  }

  private void add(int position, double number) {
    int at = begins[bin + 1];
    if (at == positions.length) {
      int room = 2 * at; // regions with more than 2^29 entries are refused when they are read
      positions = Arrays.copyOf(positions, room);
      numbers = Arrays.copyOf(numbers, room);
    }
    positions[at] = position;
    numbers[at] = number;
    begins[bin + 1] = at + 1;
  }

  private void endBin() {
    bin++;
    if (bin + 1 < begins.length) {
      begins[bin + 1] = begins[bin];
    }
  }

  /**
   * The number of entries.
   *
   * @return how many
   */
  public int entries() {
    return begins[begins.length - 1];
  }

  /**
   * The position of each entry.
   *
   * @return the array itself, which has room for more
   */
  public int[] positions() {
    return positions;
  }

  /**
   * The number of each entry.
   *
   * @return the array itself, which has room for more
   */
  public double[] numbers() {
    return numbers;
  }

  /**
   * The bin of some row.
   *
   * @param roi the region
   * @param row the row of bins
   * @return the bin's place in {@link #begins}
   */
  public int row(int roi, int row) {
    return roi * perRoi + row;
  }

  /**
   * The bin of some column.
   *
   * @param roi the region
   * @param column the column of bins
   * @return the bin's place in {@link #begins}
   */
  public int column(int roi, int column) {
    return roi * perRoi + rows + column;
  }

  /**
   * The cells of each bin of RoiPool, one after the other, with the number 1.
   *
   * @param operator the operator
   * @param rois the regions
   * @param height the height of the input
   * @param width its width
   * @return the tables
   */
  public static RoiBins cells(RoiPool operator, List<Roi> rois, int height, int width) {
    RoiBins bins = new RoiBins(operator, rois);
    for (Roi roi : rois) {
      bins.addCells(operator.rows(roi, height), operator.outputHeight());
      bins.addCells(operator.columns(roi, width), operator.outputWidth());
    }
    return bins;
  }

  /**
   * The cells that the samples of each bin of RoiAlign lie between, ascending, with what all
   * samples of the bin weigh them together; none of weight 0.
   *
   * @param operator the operator
   * @param rois the regions
   * @param height the height of the input
   * @param width its width
   * @return the tables
   */
  public static RoiBins weights(RoiAlign operator, List<Roi> rois, int height, int width) {
    RoiBins bins = new RoiBins(operator, rois);
    for (Roi roi : rois) {
      boolean any = operator.samples(roi) > 0;
      bins.addWeights(operator.rows(roi, height), operator.outputHeight(), any);
      bins.addWeights(operator.columns(roi, width), operator.outputWidth(), any);
    }
    return bins;
  }

  /**
   * The samples of each bin: the first of the two cells that a sample lies between, -1 for one that
   * is outside, with what it weighs the second.
   *
   * @param operator the operator
   * @param rois the regions
   * @param height the height of the input
   * @param width its width
   * @return the tables
   */
  public static RoiBins samples(RoiAlign operator, List<Roi> rois, int height, int width) {
    RoiBins bins = new RoiBins(operator, rois);
    for (Roi roi : rois) {
      boolean any = operator.samples(roi) > 0;
      bins.addSamples(operator.rows(roi, height), operator.outputHeight(), any);
      bins.addSamples(operator.columns(roi, width), operator.outputWidth(), any);
    }
    return bins;
  }

  private void addCells(RoiPool.Axis axis, int count) {
    for (int i = 0; i < count; i++) {
      int end = axis.end(i);
      for (int cell = axis.first(i); cell < end; cell++) {
        add(cell, 1);
      }
      endBin();
    }
  }

  private void addSamples(RoiAlign.Axis axis, int count, boolean any) {
    for (int i = 0; i < count; i++) {
      for (int sample = 0; any && sample < axis.samples(); sample++) {
        double x = axis.at(i, sample);
        add(x < 0 ? -1 : axis.low(x), x < 0 ? 0 : axis.weight(x));
      }
      endBin();
    }
  }

  private void addWeights(RoiAlign.Axis axis, int count, boolean any) {
    for (int i = 0; i < count; i++) {
      if (any) {
        Weights weights = weights(axis, i, 0, axis.samples(), 1);
        for (int cell = 0; cell < weights.sums.length; cell++) {
          if (weights.sums[cell] != 0) {
            add(weights.first + cell, weights.sums[cell]);
          }
        }
      }
      endBin();
    }
  }

  /** What some samples weigh each of some neighbouring cells together. */
  private record Weights(int first, double[] sums) {}

  /**
   * Sums the weights of some units of samples, a unit being 64 times as many at each level, so that
   * every cell's sum has the order of {@link Sums}.
   */
  private static Weights weights(RoiAlign.Axis axis, int bin, int first, int end, int unit) {
    if ((long) unit * Sums.BLOCK < end - first) {
      return weights(axis, bin, first, end, unit * Sums.BLOCK);
    }
    int least = Integer.MAX_VALUE;
    int greatest = -1;
    for (int i = first; i < end; i++) {
      double x = axis.at(bin, i);
      if (x >= 0) {
        least = Math.min(least, axis.low(x));
        greatest = Math.max(greatest, axis.high(x));
      }
    }
    double[] sums = new double[Math.max(greatest - least + 1, 0)];
    Precision precision = Precision.of(axis.type());
    for (int from = first; from < end && greatest >= 0; from += unit) {
      if (unit == 1) {
        addSample(sums, least, axis, axis.at(bin, from));
      } else {
        int to = Math.min(from + unit, end);
        Weights block = weights(axis, bin, from, to, unit / Sums.BLOCK);
        for (int cell = 0; cell < block.sums.length; cell++) {
          int at = block.first - least + cell;
          sums[at] = precision.round(sums[at] + block.sums[cell]);
        }
      }
    }
    return new Weights(least, sums);
  }

  private static void addSample(double[] sums, int first, RoiAlign.Axis axis, double x) {
    if (x >= 0) {
      Precision precision = Precision.of(axis.type());
      double high = axis.weight(x);
      int low = axis.low(x) - first;
      sums[low] = precision.round(sums[low] + precision.round(1 - high));
      int next = axis.high(x) - first;
      if (next != low) {
        sums[next] = precision.round(sums[next] + high);
      }
    }
  }
}
