package io.github.clpool.io;

import io.github.clpool.files.Replacement;
import io.github.clpool.tensor.Require;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Reads picture files, and writes PNG files. Stateless. */
public final class Pictures {
  /** How many cells a picture file may have unless a caller allows more. */
  public static final long MOST_CELLS = 100_000_000;

  private static final int LEVELS = 255;

  private Pictures() {}

  /**
   * Reads a picture file of at most {@link #MOST_CELLS}.
   *
   * @param file a file that {@code javax.imageio} can read, such as PNG, JPEG or TIFF
   * @return the picture, as {@link #of} makes it
   * @throws IOException naming the file, if it cannot be read, is no picture, or one whose samples
   *     are not defined as levels
   */
  public static Picture read(Path file) throws IOException {
    return read(file, MOST_CELLS);
  }

  /**
   * Reads a picture file.
   *
   * @param file a file that {@code javax.imageio} can read, such as PNG, JPEG or TIFF
   * @param mostCells width times height that it may have; its header is asked before it is decoded
   * @return the picture, as {@link #of} makes it
   * @throws IOException naming the file, if it cannot be read, is no picture, is larger, or one
   *     whose samples are not defined as levels
   */
  public static Picture read(Path file, long mostCells) throws IOException {
    return PictureReader.read(Require.present("file", file), mostCells);
  }

  /**
   * Takes a picture over: grey, RGB or a palette, of any depth. Samples are taken as they are, by
   * whatever curve or profile they are coded. Transparent parts become white.
   *
   * @param image the image
   * @return the picture; integers divided by the greatest their bits can hold, floating-point
   *     samples unchanged
   * @throws IllegalArgumentException if it is neither grey nor RGB
   */
  public static Picture of(BufferedImage image) {
    return PictureSamples.of(Require.present("image", image));
  }

  /**
   * Makes an image; values below 0 and NaN become black, values above 1 full.
   *
   * @param picture the picture
   * @return the image, 8 bits a channel
   */
  public static BufferedImage image(Picture picture) {
    int cells = Require.present("picture", picture).width() * picture.height();
    int[] pixels = new int[cells];
    for (int i = 0; i < cells; i++) {
      for (int c = 0; c < Picture.CHANNELS; c++) {
        float value = Math.max(0, Math.min(1, picture.planes()[c * cells + i]));
        pixels[i] = pixels[i] << 8 | Math.round(value * LEVELS);
      }
    }
    BufferedImage image =
        new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, picture.width(), picture.height(), pixels, 0, picture.width());
    return image;
  }

  /**
   * Writes a PNG file, replacing what is there.
   *
   * @param file the file, whose name must end in {@code .png}
   * @param picture the picture; values outside 0 to 1 are clipped
   * @throws IOException naming the file, if it cannot be written; it is as it was then
   */
  public static void write(Path file, Picture picture) throws IOException {
    Require.present("picture", picture);
    if (!Require.present("file", file).toString().toLowerCase(Locale.ROOT).endsWith(".png")) {
      throw new IOException(file + ": pictures are written as PNG, so the name must end in .png");
    }
    Replacement.write(file, png(picture));
  }

  /**
   * Makes what a PNG file holds.
   *
   * @param picture the picture; values outside 0 to 1 are clipped
   * @return the bytes
   * @throws IOException if this Java cannot write PNG
   */
  public static byte[] png(Picture picture) throws IOException {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    // in memory: by itself javax.imageio would write a file among the temporary ones first
    try (ImageOutputStream stream = new MemoryCacheImageOutputStream(png)) {
      if (!ImageIO.write(image(picture), "png", stream)) {
        throw new IOException("this Java cannot write PNG");
      }
    }
    return png.toByteArray();
  }
}
