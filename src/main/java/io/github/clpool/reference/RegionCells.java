package io.github.clpool.reference;

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
   * Becomes another region.
   *
   * @param number how many cells there are
   * @param indices begins with their flat indices, ascending; not copied
   * @param contents begins with their values; not copied
   */
  public void become(int number, int[] indices, double... contents) {
    count = number;
    cells = indices;
    values = contents;
  }
}
