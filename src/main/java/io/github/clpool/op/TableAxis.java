package io.github.clpool.op;

import java.util.Arrays;

/**
 * Contiguous ranges along one axis, listed in tables. Starts and ends never decrease, so the
 * outputs that a cell feeds are contiguous too. Immutable; the arrays are shared and not written.
 */
public final class TableAxis implements AxisRegions {
  private final int[] starts;
  private final int[] ends;
  private final int[] firstCovers;
  private final int[] coverEnds;

  /**
   * Lists the ranges.
   *
   * @param inputSize the number of cells
   * @param starts the first cell of each output; never decreasing
   * @param ends one after the last cell of each output; never decreasing
   */
  TableAxis(int inputSize, int[] starts, int[] ends) {
    this.starts = starts;
    this.ends = ends;
    this.firstCovers = new int[inputSize];
    this.coverEnds = new int[inputSize];
    int first = 0;
    int end = 0;
    for (int cell = 0; cell < inputSize; cell++) {
      while (first < ends.length && ends[first] <= cell) {
        first++;
      }
      while (end < starts.length && starts[end] <= cell) {
        end++;
      }
      firstCovers[cell] = first;
      coverEnds[cell] = Math.max(first, end);
    }
  }

  @Override
  public int inputSize() {
    return firstCovers.length;
  }

  @Override
  public int outputSize() {
    return starts.length;
  }

  @Override
  public int step() {
    return 1;
  }

  @Override
  public int origin(int output) {
    return starts[output];
  }

  @Override
  public int firstTap(int output) {
    return 0;
  }

  @Override
  public int endTap(int output) {
    return ends[output] - starts[output];
  }

  @Override
  public int paddedTaps(int output) {
    return endTap(output);
  }

  @Override
  public int maxTaps() {
    int most = 0;
    for (int o = 0; o < starts.length; o++) {
      most = Math.max(most, taps(o));
    }
    return most;
  }

  @Override
  public int firstCover(int cell) {
    return firstCovers[cell];
  }

  @Override
  public int covers(int cell) {
    return coverEnds[cell] - firstCovers[cell];
  }

  @Override
  public int coverStep() {
    return 1;
  }

  @Override
  public int maxCovers() {
    int most = 0;
    for (int cell = 0; cell < firstCovers.length; cell++) {
      most = Math.max(most, covers(cell));
    }
    return most;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TableAxis axis
        && inputSize() == axis.inputSize()
        && Arrays.equals(starts, axis.starts)
        && Arrays.equals(ends, axis.ends);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(starts) * 31 + Arrays.hashCode(ends);
  }
}
