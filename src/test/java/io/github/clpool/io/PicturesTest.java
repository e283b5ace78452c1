package io.github.clpool.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.cli.DrawnPicture;
import io.github.clpool.tensor.Shape;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PicturesTest {
  @TempDir Path folder;

  @Test
  void everyLevelComesBack() throws IOException {
    float[] planes = new float[3 * 16 * 17];
    for (int i = 0; i < planes.length; i++) {
      planes[i] = i * 7 % 256 / 255f;
    }
    Picture picture = new Picture(17, 16, planes);
    Path file = folder.resolve("x.png");
    Pictures.write(file, picture);
    Picture back = Pictures.read(file);
    assertEquals(Shape.of(1, 3, 16, 17), back.shape());
    assertArrayEquals(planes, back.planes());
    byte[] samples = back.toBytes();
    assertEquals((byte) (7 * 7), samples[7]);
    assertEquals((byte) 252, samples[36]);
    assertArrayEquals(planes, Picture.ofBytes(17, 16, samples).planes());
  }

  @Test
  void greyPicturesHaveEqualPlanes() {
    Picture grey = Picture.grey(2, 1, 0.25f, 1);
    assertArrayEquals(new float[] {0.25f, 1, 0.25f, 1, 0.25f, 1}, grey.planes());
    assertThrows(IllegalArgumentException.class, () -> Picture.grey(2, 1, 0.25f));
  }

  @Test
  void valuesOutsideAreClipped() {
    float nan = Float.NaN;
    float[] planes = {-1, 2, nan, 0.5f, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
    BufferedImage image = Pictures.image(new Picture(2, 1, planes));
    assertEquals(0x0000ff, image.getRGB(0, 0) & 0xffffff);
    assertEquals(0xff8000, image.getRGB(1, 0) & 0xffffff);
    assertArrayEquals(new byte[] {0, -1, 0, -128, -1, 0}, new Picture(2, 1, planes).toBytes());
  }

  @Test
  void stretchesForDisplay() {
    float inf = Float.POSITIVE_INFINITY;
    Picture stretched = new Picture(2, 1, new float[] {-3, 1, -1, inf, -2, 0}).stretched();
    assertArrayEquals(new float[] {0, 1, 0.5f, inf, 0.25f, 0.75f}, stretched.planes());
    float huge = Float.MAX_VALUE;
    float[] wide = new Picture(1, 1, new float[] {-huge, 0, huge}).stretched().planes();
    assertArrayEquals(new float[] {0, 0.5f, 1}, wide);
    float[] flat = {4, 4, 4};
    assertArrayEquals(flat, new Picture(1, 1, flat).stretched().planes());
  }

  @Test
  void grayKeepsItsLevelsAndTransparentIsWhite() throws IOException {
    BufferedImage gray = new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_GRAY);
    gray.getRaster().setSample(0, 0, 0, 100);
    float level = 100 / 255f;
    assertArrayEquals(new float[] {level, level, level}, Pictures.of(gray).planes());
    BufferedImage clear = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB);
    Path file = folder.resolve("clear.png");
    ImageIO.write(clear, "png", file.toFile());
    assertArrayEquals(new float[] {1, 1, 1}, Pictures.read(file).planes());
  }

  @Test
  void refusesWhatIsNoPicture() throws IOException {
    Path text = Files.writeString(folder.resolve("x.png"), "no picture");
    assertTrue(message(text).startsWith(text + ": is no readable picture: it is none of PNG"));
    Path none = folder.resolve("none.png");
    assertEquals(none + ": no such file or directory", message(none));
    assertEquals(folder + ": is a folder", message(folder));
    Path whole = folder.resolve("whole.png");
    Pictures.write(whole, DrawnPicture.draw(16));
    byte[] bytes = Files.readAllBytes(whole);
    Path half = Files.write(folder.resolve("half.png"), java.util.Arrays.copyOf(bytes, 60));
    assertTrue(message(half).contains("is no readable picture"));
    assertThrows(
        IOException.class, () -> Pictures.write(folder.resolve("x.bmp"), DrawnPicture.draw(16)));
  }

  /** The header alone says it: there is nothing behind it to decode. */
  @Test
  void refusesLargePicturesByTheirHeader() throws IOException {
    Path file =
        Files.write(folder.resolve("large.png"), PictureFiles.png(1 << 30, 1 << 30, 8, 6, null));
    assertTrue(
        message(file)
            .contains("1073741824 x 1073741824 = 1152921504606846976 cells, but must have at most"),
        message(file));
    String text =
        assertThrows(IOException.class, () -> Pictures.read(file, Long.MAX_VALUE)).getMessage();
    assertTrue(
        text.startsWith(file + ": is no readable picture: it has 1152921504606846976"), text);
    Path small = folder.resolve("small.png");
    Pictures.write(small, DrawnPicture.draw(16));
    assertEquals(16, Pictures.read(small, 256).width());
    String larger = assertThrows(IOException.class, () -> Pictures.read(small, 255)).getMessage();
    assertTrue(larger.contains("it has 16 x 16 = 256 cells, but must have at most 255"), larger);
  }

  /** As javax.imageio would, which then says nothing of the file that was to be written. */
  @Test
  void noTemporaryFileIsWritten() throws IOException {
    Path cache = Files.createDirectory(folder.resolve("cache"));
    boolean usual = ImageIO.getUseCache();
    ImageIO.setUseCache(true);
    ImageIO.setCacheDirectory(cache.toFile());
    Files.delete(cache);
    try {
      Path file = folder.resolve("x.png");
      Pictures.write(file, DrawnPicture.draw(16));
      assertEquals(16, Pictures.read(file).width());
    } finally {
      ImageIO.setCacheDirectory(null);
      ImageIO.setUseCache(usual);
    }
  }

  @Test
  void drawsTheSamePictureAgain() {
    Picture first = DrawnPicture.draw(64);
    assertArrayEquals(first.planes(), DrawnPicture.draw(64).planes());
    assertEquals(Shape.of(1, 3, 64, 64), first.shape());
  }

  private String message(Path file) {
    return assertThrows(IOException.class, () -> Pictures.read(file)).getMessage();
  }
}
