package io.github.clpool.exact;

/**
 * What each plane gives to the gradient of a parameter, of which there is one, or one for each
 * channel: summed over the batch, then over the channels. docs/semantics.md, section 5. Different
 * planes may be set by different threads.
 */
public final class PlaneSums {
  private final double[][] sums; // by channel and batch position
  private final Precision precision;

  /**
   * Makes room.
   *
   * @param batch the batch size
   * @param channels the number of channels
   * @param precision the computing type
   */
  public PlaneSums(int batch, int channels, Precision precision) {
    this.sums = new double[channels][batch];
    this.precision = precision;
  }

  /**
   * Sets the sum of a plane.
   *
   * @param n the batch position
   * @param c the channel
   * @param sum the sum over the plane, {@link Sums#SKIPPED} if every term is
   */
  public void set(int n, int c, double sum) {
    sums[c][n] = sum;
  }

  /**
   * Sums over the batch and, for a parameter that all channels share, over them.
   *
   * @param parameters the number of parameters, 1 or the number of channels
   * @return the gradient of each parameter before +0 is added
   */
  public double[] total(int parameters) {
    double[] channels = new double[sums.length];
    for (int c = 0; c < sums.length; c++) {
      double[] batch = sums[c];
      channels[c] = Sums.along(batch.length, n -> batch[n], precision);
    }
    return parameters == channels.length
        ? channels
        : new double[] {Sums.along(channels.length, c -> channels[c], precision)};
  }
}
