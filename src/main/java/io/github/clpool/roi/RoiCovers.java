package io.github.clpool.roi;

import io.github.clpool.tensor.Require;
import java.util.Arrays;

/**
 * What {@link RoiBins} say of cells, turned round: for each position of a region the bins that list
 * it, ascending, with the same numbers. Along each axis a region has as many positions as there are
 * from its first to its last. Immutable by convention: the arrays are not copied.
 */
public final class RoiCovers {
  /** The number of ints of a region in {@link #boxes}. */
  public static final int BOX = 5;

  /**
   * For each region its first row, number of rows, first column, number of columns, and where its
   * positions stand in {@link #begins}: those of its rows, then those of its columns.
   */
  public final int[] boxes;

  /** For each position where its entries begin, and at the end how many there are. */
  public final int[] begins;

  /** The bin of each entry, counted along its axis. */
  public final int[] bins;

  /** The number of each entry. */
  public final double[] numbers;

  /**
   * Turns bins round.
   *
   * @param of bins with the positions of cells
   */
  public RoiCovers(RoiBins of) {
    Require.present("of", of);
    int rois = (of.begins.length - 1) / of.perRoi;
    this.boxes = new int[rois * BOX];
    int positions = 0;
    for (int k = 0; k < rois; k++) {
      box(of, of.row(k, 0), of.column(k, 0), k * BOX);
      box(of, of.column(k, 0), of.row(k + 1, 0), k * BOX + 2);
      boxes[k * BOX + 4] = positions;
      positions = Math.addExact(positions, boxes[k * BOX + 1] + boxes[k * BOX + 3]);
    }
    this.begins = new int[positions + 1];
    this.bins = new int[of.entries()];
    this.numbers = new double[of.entries()];
    forEachEntry(of, (position, bin, number) -> begins[position + 1]++);
    for (int i = 0; i < positions; i++) {
      begins[i + 1] += begins[i];
    }
    int[] next = Arrays.copyOf(begins, positions);
    forEachEntry(
        of,
        (position, bin, number) -> {
          bins[next[position]] = bin;
          numbers[next[position]++] = number;
        });
  }

  /** What is done with an entry. */
  private interface Action {
    void take(int position, int bin, double number);
  }

  private void box(RoiBins of, int firstBin, int endBin, int at) {
    int begin = of.begins[firstBin];
    int end = of.begins[endBin];
    int least = Integer.MAX_VALUE;
    int greatest = -1;
    for (int i = begin; i < end; i++) {
      least = Math.min(least, of.positions()[i]);
      greatest = Math.max(greatest, of.positions()[i]);
    }
    boxes[at] = begin == end ? 0 : least;
    boxes[at + 1] = begin == end ? 0 : greatest - least + 1;
  }

  private void forEachEntry(RoiBins of, Action action) {
    for (int bin = 0; bin < of.begins.length - 1; bin++) {
      int at = bin / of.perRoi * BOX;
      int index = bin % of.perRoi;
      boolean row = index < of.rows;
      int base = boxes[at + 4] + (row ? 0 : boxes[at + 1]) - boxes[at + (row ? 0 : 2)];
      for (int i = of.begins[bin]; i < of.begins[bin + 1]; i++) {
        action.take(base + of.positions()[i], row ? index : index - of.rows, of.numbers()[i]);
      }
    }
  }
}
