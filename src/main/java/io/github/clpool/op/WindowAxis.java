package io.github.clpool.op;

/**
 * A sliding window along one axis, in closed form. Immutable; made and checked by {@link Window}.
 *
 * @param inputSize the number of cells
 * @param outputSize the number of outputs
 * @param kernel the number of taps
 * @param stride the distance between neighbouring windows
 * @param before the padding before the axis
 * @param after the padding after the axis
 * @param dilation the distance between neighbouring taps
 */
public record WindowAxis(
    int inputSize, int outputSize, int kernel, int stride, int before, int after, int dilation)
    implements AxisRegions {

  /** An axis that is not there: one cell, one output. */
  static final WindowAxis UNIT = new WindowAxis(1, 1, 1, 1, 0, 0, 1);

  @Override
  public int step() {
    return dilation;
  }

  @Override
  public int origin(int output) {
    return output * stride - before;
  }

  @Override
  public int firstTap(int output) {
    int origin = origin(output);
    return origin >= 0 ? 0 : tapsBelow(-origin);
  }

  @Override
  public int endTap(int output) {
    int room = inputSize - origin(output);
    return room <= 0 ? 0 : Math.min(kernel, tapsBelow(room));
  }

  @Override
  public int paddedTaps(int output) {
    return Math.min(kernel, tapsBelow(inputSize + after - origin(output)));
  }

  @Override
  public int maxTaps() {
    return kernel;
  }

  /** Whether the first window ends before the axis begins, or the last one begins behind it. */
  boolean hasWindowsInPadding() {
    return origin(0) + (kernel - 1) * dilation < 0 || origin(outputSize - 1) >= inputSize;
  }

  /** How many of the taps 0, 1, ... lie less than {@code distance > 0} after tap 0. */
  private int tapsBelow(int distance) {
    return (distance - 1) / dilation + 1;
  }

  // A cell x is tap j of output o where o * stride = x + before - j * dilation. The taps that fit
  // repeat every stride / gcd, the outputs every dilation / gcd.

  @Override
  public int firstCover(int cell) {
    int last = lastCover(cell);
    return last < 0 ? 0 : last - (covers(cell) - 1) * coverStep();
  }

  @Override
  public int covers(int cell) {
    int last = lastCover(cell);
    if (last < 0) {
      return 0;
    }
    // Outputs from the last cover downwards while the tap number stays below the kernel size.
    long lastTap = ((long) cell + before - (long) last * stride) / dilation;
    long byKernel = (kernel - 1 - lastTap) / tapStep();
    return 1 + (int) Math.min(byKernel, last / coverStep());
  }

  /** The last output that the cell feeds, or -1. */
  private int lastCover(int cell) {
    long position = (long) cell + before;
    // The least tap that reaches an existing output: the outputs end at outputSize - 1.
    long beyond = position - (long) (outputSize - 1) * stride;
    long tap = beyond <= 0 ? 0 : (beyond - 1) / dilation + 1;
    for (int tries = 0; tries < tapStep() && tap < kernel; tries++, tap++) {
      long start = position - tap * dilation;
      if (start < 0) {
        return -1;
      }
      if (start % stride == 0) {
        return (int) (start / stride);
      }
    }
    return -1;
  }

  @Override
  public int coverStep() {
    return dilation / gcd();
  }

  @Override
  public int maxCovers() {
    return Math.min(outputSize, (kernel - 1) / tapStep() + 1);
  }

  private int tapStep() {
    return stride / gcd();
  }

  private int gcd() {
    int a = stride;
    int b = dilation;
    while (b != 0) {
      int rest = a % b;
      a = b;
      b = rest;
    }
    return a;
  }
}
