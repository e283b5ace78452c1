package io.github.clpool.io;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import javax.imageio.ImageIO;

/** Reads PNG and JPEG files, and writes PNG files. Stateless. */
public final class Pictures {
  private static final int LEVELS = 255;

  private Pictures() {}

  /**
   * Reads a picture file. Transparent parts become white.
   *
   * @param file a file that {@code javax.imageio} can read, such as PNG or JPEG
   * @return the picture; 8-bit levels divided by 255
   * @throws IOException if it cannot be read or is no picture
   */
  public static Picture read(Path file) throws IOException {
    if (!Files.isReadable(file)) {
      throw new IOException(file + ": cannot be read");
    }
    BufferedImage image;
    try {
      image = ImageIO.read(file.toFile());
    } catch (IOException | RuntimeException damaged) { // damaged files raise both
      throw new IOException(file + ": is no readable picture: " + damaged.getMessage(), damaged);
    }
    if (image == null) {
      throw new IOException(file + ": is no picture, but must be PNG or JPEG");
    }
    return of(image);
  }

  /**
   * Takes a picture over.
   *
   * @param image the image
   * @return the picture; 8-bit levels divided by 255
   */
  public static Picture of(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    Raster raster = image.getRaster();
    if (raster.getNumBands() == 1 && !(image.getColorModel() instanceof IndexColorModel)) {
      return ofGray(raster, image.getColorModel().getComponentSize(0));
    }
    BufferedImage flat = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = flat.createGraphics();
    graphics.drawImage(image, 0, 0, Color.WHITE, null);
    graphics.dispose();
    int[] pixels = flat.getRGB(0, 0, width, height, null, 0, width);
    float[] planes = new float[Picture.CHANNELS * pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      for (int c = 0; c < Picture.CHANNELS; c++) {
        int level = pixels[i] >> 8 * (Picture.CHANNELS - 1 - c) & LEVELS;
        planes[c * pixels.length + i] = (float) level / LEVELS;
      }
    }
    return new Picture(width, height, planes);
  }

  /** Java would convert gray through a linear colour space and brighten it. */
  private static Picture ofGray(Raster raster, int bits) {
    int width = raster.getWidth();
    int height = raster.getHeight();
    float[] plane = raster.getSamples(0, 0, width, height, 0, (float[]) null);
    float[] planes = new float[Picture.CHANNELS * plane.length];
    for (int i = 0; i < planes.length; i++) {
      planes[i] = plane[i % plane.length] / ((1 << bits) - 1);
    }
    return new Picture(width, height, planes);
  }

  /**
   * Makes an image; values below 0 and NaN become black, values above 1 full.
   *
   * @param picture the picture
   * @return the image, 8 bits a channel
   */
  public static BufferedImage image(Picture picture) {
    int cells = picture.width() * picture.height();
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
   * @throws IOException if it cannot be written
   */
  public static void write(Path file, Picture picture) throws IOException {
    if (!file.toString().toLowerCase(Locale.ROOT).endsWith(".png")) {
      throw new IOException(file + ": pictures are written as PNG, so the name must end in .png");
    }
    if (!ImageIO.write(image(picture), "png", file.toFile())) {
      throw new IOException(file + ": this Java cannot write PNG");
    }
  }
}
