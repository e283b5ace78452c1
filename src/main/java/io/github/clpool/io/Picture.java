package io.github.clpool.io;

import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;

/**
 * A picture as pooling takes it: a plane each of red, green and blue, black 0 and white 1. The
 * array is not copied. Thread-safe as long as nobody writes it.
 *
 * @param width the number of columns
 * @param height the number of rows
 * @param planes the values, row-major, one plane after the other
 */
public record Picture(int width, int height, float[] planes) {
  /** The number of planes. */
  public static final int CHANNELS = 3;

  private static final int LEVELS = 255;

  /**
   * Checks the sizes.
   *
   * @param width the number of columns
   * @param height the number of rows
   * @param planes the values, row-major, one plane after the other
   */
  public Picture {
    Require.atLeast("width", width, 1);
    Require.atLeast("height", height, 1);
    Require.present("planes", planes);
    Require.that(
        planes.length == (long) CHANNELS * width * height,
        "picture has %d values, but %d x %d of %d planes has %d",
        planes.length,
        width,
        height,
        CHANNELS,
        (long) CHANNELS * width * height);
  }

  /**
   * Makes a grey picture: its three planes are equal, so to pool it as one plane, take the first.
   *
   * @param width the number of columns
   * @param height the number of rows
   * @param plane the values, row-major
   * @return the picture
   */
  public static Picture grey(int width, int height, float... plane) {
    int cells = Require.present("plane", plane).length;
    PictureSamples.checkCells(cells);
    float[] planes = new float[CHANNELS * cells];
    for (int c = 0; c < CHANNELS; c++) {
      System.arraycopy(plane, 0, planes, c * cells, cells);
    }
    return new Picture(width, height, planes);
  }

  /**
   * Takes a picture over whose samples are bytes, such as a tensor of UINT8 holds them.
   *
   * @param width the number of columns
   * @param height the number of rows
   * @param samples from 0 to 255, those above 127 negative; a plane each of red, green and blue
   * @return the picture
   */
  public static Picture ofBytes(int width, int height, byte... samples) {
    float[] planes = new float[Require.present("samples", samples).length];
    for (int i = 0; i < planes.length; i++) {
      planes[i] = (samples[i] & LEVELS) / (float) LEVELS;
    }
    return new Picture(width, height, planes);
  }

  /**
   * The picture's samples as bytes, for a tensor of UINT8: a quarter of the memory, and what an
   * 8-bit file holds comes back as it was.
   *
   * @return from 0 to 255, those above 127 negative; values rounded to nearest, those outside 0 to
   *     1 clipped, NaN black
   */
  public byte[] toBytes() {
    byte[] samples = new byte[planes.length];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (byte) Math.round(Math.max(0, Math.min(1, planes[i])) * LEVELS);
    }
    return samples;
  }

  /**
   * The shape of the tensor that holds the picture.
   *
   * @return one batch, three channels, height and width
   */
  public Shape shape() {
    return Shape.of(1, CHANNELS, height, width);
  }

  /**
   * Stretches the values for display, so that the least finite one becomes black and the greatest
   * white; the planes share one scale, so hues stay. A picture of one value is left as it is.
   *
   * @return a new picture; infinite values clipped, NaN black
   */
  public Picture stretched() {
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    for (float value : planes) {
      if (Float.isFinite(value)) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
    if (!(low < high)) {
      return this;
    }
    float[] scaled = new float[planes.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = (float) (((double) planes[i] - low) / ((double) high - low));
    }
    return new Picture(width, height, scaled);
  }
}
