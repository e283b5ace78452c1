package io.github.clpool.io;

import io.github.clpool.tensor.Buffers;
import io.github.clpool.tensor.Require;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.util.Arrays;

/**
 * The samples of an image as values. They are read from the raster: what Java draws or converts
 * goes through other colour spaces and 8 bits. Stateless.
 */
final class PictureSamples {
  private static final double UNSIGNED = 0x1p32;

  private PictureSamples() {}

  static Picture of(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    checkCells((long) width * height);
    Raster raster = image.getRaster();
    float[] planes =
        image.getColorModel() instanceof IndexColorModel palette
            ? ofPalette(raster, palette)
            : ofLevels(raster, image.getColorModel());
    return new Picture(width, height, planes);
  }

  /** Refuses what no array can hold. */
  static void checkCells(long cells) {
    Require.that(
        cells <= Buffers.LONGEST_ARRAY / Picture.CHANNELS,
        "it has %d cells, but must have at most %d",
        cells,
        Buffers.LONGEST_ARRAY / Picture.CHANNELS);
  }

  private static float[] ofPalette(Raster raster, IndexColorModel palette) {
    int width = raster.getWidth();
    int cells = width * raster.getHeight();
    float[] planes = new float[Picture.CHANNELS * cells];
    int[] row = new int[width];
    for (int i = 0; i < cells; i++) {
      if (i % width == 0) {
        raster.getSamples(0, i / width, width, 1, 0, row);
      }
      int index = row[i % width];
      Require.that(
          index < palette.getMapSize(),
          "palette index is %d, but must be below %d",
          index,
          palette.getMapSize());
      int color = palette.getRGB(index);
      double alpha = (color >>> 24) / 255.0;
      for (int c = 0; c < Picture.CHANNELS; c++) {
        double level = (color >> 8 * (Picture.CHANNELS - 1 - c) & 255) / 255.0;
        planes[c * cells + i] = (float) onWhite(level * alpha, alpha);
      }
    }
    return planes;
  }

  private static float[] ofLevels(Raster raster, ColorModel colors) {
    int space = colors.getColorSpace().getType();
    // Java calls the colours of 64-bit RGB "three components".
    boolean isRgb = space == ColorSpace.TYPE_RGB || space == ColorSpace.TYPE_3CLR;
    Require.that(
        isRgb || space == ColorSpace.TYPE_GRAY,
        "it has %d bands of another colour space, but must be grey, RGB or indexed",
        raster.getNumBands());
    int width = raster.getWidth();
    int cells = width * raster.getHeight();
    float[] planes = new float[Picture.CHANNELS * cells];
    double[] row = new double[width];
    double[] alphas = new double[width];
    Arrays.fill(alphas, 1);
    for (int y = 0; y < raster.getHeight(); y++) {
      if (colors.hasAlpha()) {
        levels(raster, colors, y, colors.getNumColorComponents(), alphas);
      }
      for (int c = 0; c < Picture.CHANNELS; c++) {
        if (isRgb || c == 0) {
          levels(raster, colors, y, c, row);
        }
        for (int x = 0; x < width; x++) {
          double product = colors.isAlphaPremultiplied() ? row[x] : row[x] * alphas[x];
          planes[c * cells + y * width + x] = (float) onWhite(product, alphas[x]);
        }
      }
    }
    return planes;
  }

  private static double onWhite(double product, double alpha) {
    return product + (1 - alpha);
  }

  /** A row of a band, integers divided by the greatest that their bits hold. */
  private static void levels(Raster raster, ColorModel colors, int y, int band, double[] row) {
    raster.getSamples(0, y, row.length, 1, band, row);
    int bits = colors.getComponentSize(band);
    int type = colors.getTransferType();
    if (type == DataBuffer.TYPE_FLOAT || type == DataBuffer.TYPE_DOUBLE) {
      return;
    }
    boolean isSigned = type == DataBuffer.TYPE_SHORT;
    double greatest = isSigned ? Short.MAX_VALUE : (1L << bits) - 1;
    for (int x = 0; x < row.length; x++) {
      // A raster has no unsigned ints.
      double sample = row[x] < 0 && !isSigned ? row[x] + UNSIGNED : row[x];
      row[x] = sample / greatest;
    }
  }
}
