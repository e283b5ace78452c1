package io.github.clpool.exact;

/**
 * IEEE 754-2019 maximum and minimum with the index rule of docs/semantics.md, section 2, rule 4.
 * Stateless.
 */
public final class Maximum {
  private Maximum() {}

  /**
   * Whether a cell replaces the best one so far, in ascending order of the cells: it is greater,
   * with +0 above -0, or it is NaN, so that the last NaN stays.
   *
   * @param cell the cell
   * @param best the best so far
   * @return true if the cell is the new best
   */
  public static boolean replaces(double cell, double best) {
    return cell != cell || best == best && Double.compare(cell, best) > 0;
  }
}
