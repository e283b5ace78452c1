package io.github.clpool.reference;

import java.util.Arrays;

/** The cells of one region in flat order, with their values. Not thread-safe. */
public final class RegionCells {
  private int count;
  private int[] cells = {};
  private double[] values = {};

  /**
   * The number of cells.
   *
   * @return the number, 0 for an empty region
   */
  public int count() {
    return count;
  }

  /**
   * A cell.
   *
   * @param i which one
   * @return its flat index in its plane
   */
  public int cell(int i) {
    return cells[i];
  }

  /**
   * What a cell holds.
   *
   * @param i which one
   * @return its value
   */
  public double value(int i) {
    return values[i];
  }

  /**
   * Goes over to another region.
   *
   * @param most how many cells it has at most
   */
  public void clear(int most) {
    count = 0;
    if (most > cells.length) {
      cells = Arrays.copyOf(cells, most);
      values = Arrays.copyOf(values, most);
    }
  }

  /**
   * Adds a cell.
   *
   * @param cell its flat index, above those before
   * @param value its value
   */
  public void add(int cell, double value) {
    cells[count] = cell;
    values[count++] = value;
  }
}
