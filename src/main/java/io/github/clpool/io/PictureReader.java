package io.github.clpool.io;

import io.github.clpool.files.NamedFailure;
import io.github.clpool.files.RegularFile;
import io.github.clpool.tensor.Excerpt;
import io.github.clpool.tensor.Require;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Reads the first picture of a file; asks its header before memory is made for it. Stateless. */
final class PictureReader {
  private static final List<String> KINDS = List.of("PNG", "JPEG", "TIFF", "BMP", "GIF");
  private static final Set<String> COLORS = Set.of("GRAY", "RGB", "YCbCr");

  private PictureReader() {}

  static Picture read(Path file, long mostCells) throws IOException {
    Require.atLeast("most cells", mostCells, 1);
    try {
      RegularFile.check(file); // a pipe would be waited for
      Files.newByteChannel(file).close(); // its failure says why
    } catch (IOException unreadable) {
      throw NamedFailure.of(file, unreadable);
    }
    try (ImageInputStream stream = ImageIO.createImageInputStream(file.toFile())) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
      if (!readers.hasNext()) {
        throw new IOException("it is none of " + String.join(", ", KINDS));
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(stream, true, true);
        return PictureSamples.of(decoded(reader, mostCells));
      } finally {
        reader.dispose();
      }
    } catch (OutOfMemoryError tooLarge) {
      throw NamedFailure.of(file, tooLarge);
    } catch (IOException | RuntimeException damaged) { // damaged files raise both
      throw new IOException(file + ": is no readable picture: " + words(damaged), damaged);
    }
  }

  private static String words(Exception damaged) {
    return damaged.getMessage() == null ? "it is damaged" : Excerpt.of(damaged.getMessage());
  }

  private static BufferedImage decoded(ImageReader reader, long mostCells) throws IOException {
    int width = reader.getWidth(0);
    int height = reader.getHeight(0);
    long cells = (long) width * height;
    Require.that(
        cells <= mostCells,
        "it has %d x %d = %d cells, but must have at most %d (the most cells that are asked for)",
        width,
        height,
        cells,
        mostCells);
    PictureSamples.checkCells(cells);
    boolean isTiff = reader.getFormatName().equalsIgnoreCase("tif");
    if (isTiff) {
      checkColors(reader);
    }
    BufferedImage image = reader.read(0);
    if (isTiff) {
      checkSamples(reader, image.getColorModel());
    }
    return image;
  }

  private static void checkColors(ImageReader reader) throws IOException {
    Optional<String> colors = header(reader, "ColorSpaceType", "name");
    Require.that(
        colors.isEmpty() || COLORS.contains(colors.get()),
        "colours are %s, but must be grey, RGB or indexed",
        colors.orElse(""));
  }

  /** Refuses what Java reads as other numbers than it is. */
  private static void checkSamples(ImageReader reader, ColorModel colors) throws IOException {
    int bits = colors.getComponentSize(0);
    String format = header(reader, "SampleFormat", "value").orElse("");
    Require.that(
        !format.equals("SignedIntegral"),
        "samples are signed integers, but must be unsigned or floating-point");
    Require.that(
        !format.equals("Real") || bits >= Float.SIZE,
        "samples are floating-point of %d bits, but must have 32 or 64",
        bits);
    Require.that(
        !(colors instanceof ComponentColorModel)
            || bits == DataBuffer.getDataTypeSize(colors.getTransferType()),
        "samples have %d bits, but must have 1, 2, 4, 8, 16, 32 or 64",
        bits);
    boolean isInverted = header(reader, "BlackIsZero", "value").orElse("").equals("FALSE");
    Require.that(
        !isInverted || colors.getTransferType() != DataBuffer.TYPE_INT,
        "white is 0, but black must be where samples are integers of 32 bits");
  }

  /** What the header says in the words of javax.imageio's standard metadata. */
  private static Optional<String> header(ImageReader reader, String node, String attribute)
      throws IOException {
    Element root = (Element) reader.getImageMetadata(0).getAsTree("javax_imageio_1.0");
    NodeList nodes = root.getElementsByTagName(node);
    return nodes.getLength() == 0
        ? Optional.empty()
        : Optional.of(((Element) nodes.item(0)).getAttribute(attribute));
  }
}
