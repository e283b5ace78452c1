package io.github.clpool.op;

/**
 * The regions along one axis: for each output position an arithmetic progression of cells, and for
 * each cell the outputs that it feeds, again an arithmetic progression. Immutable.
 *
 * <p>Tap {@code j} of output {@code o} is the cell {@code origin(o) + j * step()}; taps {@code
 * firstTap(o)} to {@code endTap(o) - 1} lie inside the axis. See docs/semantics.md, section 4.
 */
public sealed interface AxisRegions permits WindowAxis, TableAxis, UnplacedAxis {
  /**
   * The input size.
   *
   * @return the number of cells
   */
  int inputSize();

  /**
   * The output size.
   *
   * @return the number of outputs
   */
  int outputSize();

  /**
   * The distance between neighbouring taps.
   *
   * @return the dilation, at least 1
   */
  int step();

  /**
   * Where tap 0 lies.
   *
   * @param output the output position
   * @return the cell, negative in the padding before the axis
   */
  int origin(int output);

  /**
   * The first tap inside the axis.
   *
   * @param output the output position
   * @return the tap's number; not below {@link #endTap} if there is none
   */
  int firstTap(int output);

  /**
   * One after the last tap inside the axis.
   *
   * @param output the output position
   * @return the tap's number plus 1
   */
  int endTap(int output);

  /**
   * The number of taps inside the axis.
   *
   * @param output the output position
   * @return the number, 0 or more
   */
  default int taps(int output) {
    return Math.max(0, endTap(output) - firstTap(output));
  }

  /**
   * The number of taps inside the axis or its padding, which an average may count.
   *
   * @param output the output position
   * @return the number, not below {@link #taps}
   */
  int paddedTaps(int output);

  /**
   * The most taps that an output can have, padding included.
   *
   * @return the kernel size of a window, the longest range otherwise
   */
  int maxTaps();

  /**
   * The first output that a cell feeds.
   *
   * @param cell the cell
   * @return the output position; meaningless if {@link #covers} is 0
   */
  int firstCover(int cell);

  /**
   * The number of outputs that a cell feeds.
   *
   * @param cell the cell
   * @return the number, 0 or more
   */
  int covers(int cell);

  /**
   * The distance between neighbouring outputs that a cell feeds.
   *
   * @return the distance, at least 1
   */
  int coverStep();

  /**
   * The most outputs that a cell can feed.
   *
   * @return an upper bound of {@link #covers}
   */
  int maxCovers();

  /**
   * Whether no cell feeds two outputs.
   *
   * @return true if every cell has at most one output
   */
  default boolean isDisjoint() {
    return maxCovers() <= 1;
  }
}
