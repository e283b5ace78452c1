package io.github.clpool.op;

/**
 * Ranges of one length whose places are drawn for each call: all that is known without the call.
 * Asking for a place is a mistake. Immutable.
 *
 * @param inputSize the number of cells
 * @param outputSize the number of outputs
 * @param length the number of cells of each range
 * @param maxCovers the most outputs that a cell can feed
 */
public record UnplacedAxis(int inputSize, int outputSize, int length, int maxCovers)
    implements AxisRegions {
  @Override
  public int step() {
    return 1;
  }

  /** Known only where there is one place. */
  @Override
  public int origin(int output) {
    if (length == inputSize) {
      return 0;
    }
    throw unknown();
  }

  @Override
  public int firstTap(int output) {
    return 0;
  }

  @Override
  public int endTap(int output) {
    return length;
  }

  @Override
  public int paddedTaps(int output) {
    return length;
  }

  @Override
  public int maxTaps() {
    return length;
  }

  @Override
  public int firstCover(int cell) {
    throw unknown();
  }

  @Override
  public int covers(int cell) {
    throw unknown();
  }

  @Override
  public int coverStep() {
    return 1;
  }

  private static IllegalStateException unknown() {
    return new IllegalStateException("places of regions are drawn for each call");
  }
}
