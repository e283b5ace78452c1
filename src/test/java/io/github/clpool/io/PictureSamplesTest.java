package io.github.clpool.io;

import static io.github.clpool.io.PictureFiles.bytes;
import static io.github.clpool.io.PictureFiles.png;
import static io.github.clpool.io.PictureFiles.tiff;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every layout and depth of samples that Java reads, from files made by hand. */
class PictureSamplesTest {
  private static final int UNSIGNED = 1;
  private static final int SIGNED = 2;
  private static final int REAL = 3;
  private static final int NONE = -1;
  private static final int PREMULTIPLIED = 1;
  private static final int ALPHA = 2;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void smallGray(int bits) throws IOException {
    int levels = 1 << bits;
    int[] packed = new int[(levels * bits + 7) / 8];
    float[] expected = new float[levels];
    float[] inverted = new float[levels];
    for (int level = 0; level < levels; level++) {
      int bit = level * bits;
      packed[bit / 8] |= level << 8 - bits - bit % 8;
      expected[level] = level / (levels - 1f);
      inverted[level] = (levels - 1 - level) / (levels - 1f);
    }
    byte[] rows = bytes(packed);
    gray(png(levels, 1, bits, 0, rows), expected);
    gray(tiff(levels, 1, bits, 1, 1, UNSIGNED, NONE, rows), expected);
    gray(tiff(levels, 1, bits, 1, 0, UNSIGNED, NONE, rows), inverted);
  }

  @Test
  void gray() throws IOException {
    float[] of8 = {128 / 255f, 7 / 255f};
    gray(png(2, 1, 8, 0, bytes(128, 7)), of8);
    gray(tiff(2, 1, 8, 1, 1, UNSIGNED, NONE, bytes(128, 7)), of8);
    gray(tiff(2, 1, 8, 1, 0, UNSIGNED, NONE, bytes(127, 248)), of8);
    float[] of16 = {0x1234 / 65535f, 1};
    gray(png(2, 1, 16, 0, bytes(0x12, 0x34, 0xff, 0xff)), of16);
    gray(tiff(2, 1, 16, 1, 1, UNSIGNED, NONE, shorts(0x1234, 0xffff)), of16);
    gray(tiff(2, 1, 16, 1, 0, UNSIGNED, NONE, shorts(0xffff - 0x1234, 0)), of16);
    float[] of32 = {(float) (0x12345678 / 4294967295.0), 1, (float) (0x80000000L / 4294967295.0)};
    gray(tiff(3, 1, 32, 1, 1, UNSIGNED, NONE, ints(0x12345678, -1, 1 << 31)), of32);
    float[] real = {0.25f, -3, 1e30f};
    gray(tiff(3, 1, 32, 1, 1, REAL, NONE, floats(real)), real);
    gray(tiff(2, 1, 64, 1, 1, REAL, NONE, doubles(0.25, 0.1)), 0.25f, 0.1f);
  }

  @Test
  void grayWithAlpha() throws IOException {
    // Opaque, half of grey and half of white, and clear.
    float[] of8 = {128 / 255f, (float) (128 / 255.0 * (51 / 255.0) + 204 / 255.0), 1};
    byte[] rows8 = bytes(128, 255, 128, 51, 9, 0);
    gray(png(3, 1, 8, 4, rows8), of8);
    gray(tiff(3, 1, 8, 2, 1, UNSIGNED, ALPHA, rows8), of8);
    byte[] products = bytes(128, 255, 20, 51, 0, 0);
    gray(
        tiff(3, 1, 8, 2, 1, UNSIGNED, PREMULTIPLIED, products),
        128 / 255f,
        (float) (20 / 255.0 + 204 / 255.0),
        1);
    float half = (float) (0x1234 / 65535.0 * (0x3333 / 65535.0) + (0xcccc / 65535.0));
    gray(png(1, 1, 16, 4, bytes(0x12, 0x34, 0x33, 0x33)), half);
    gray(tiff(1, 1, 16, 2, 1, UNSIGNED, ALPHA, shorts(0x1234, 0x3333)), half);
    gray(tiff(1, 1, 32, 2, 1, UNSIGNED, ALPHA, ints(1 << 31, -1)), 0x80000000L / 4294967295f);
    gray(tiff(1, 1, 32, 2, 1, REAL, ALPHA, floats(0.5f, 0.25f)), 0.875f);
    gray(png(2, 1, 8, 0, bytes(128, 7), "tRNS", bytes(0, 128)), 1, 7 / 255f);
  }

  @Test
  void rgb() throws IOException {
    float[] of8 = {1 / 255f, 128 / 255f, 1};
    colors(png(1, 1, 8, 2, bytes(1, 128, 255)), of8);
    colors(tiff(1, 1, 8, 3, 2, UNSIGNED, NONE, bytes(1, 128, 255)), of8);
    float[] of16 = {0x0102 / 65535f, 0x8001 / 65535f, 1};
    colors(png(1, 1, 16, 2, bytes(1, 2, 0x80, 1, 0xff, 0xff)), of16);
    colors(tiff(1, 1, 16, 3, 2, UNSIGNED, NONE, shorts(0x0102, 0x8001, 0xffff)), of16);
    colors(tiff(1, 1, 4, 3, 2, UNSIGNED, NONE, bytes(0x1f, 0x80)), 1 / 15f, 1, 8 / 15f);
    float[] of32 = {0, (float) (0x80000000L / 4294967295.0), 1};
    colors(tiff(1, 1, 32, 3, 2, UNSIGNED, NONE, ints(0, 1 << 31, -1)), of32);
    float[] real = {0.5f, 2, -1};
    colors(tiff(1, 1, 32, 3, 2, REAL, NONE, floats(real)), real);
    colors(tiff(1, 1, 64, 3, 2, REAL, NONE, doubles(0.5, 2, -1)), real);
  }

  @Test
  void rgbWithAlpha() throws IOException {
    double fifth = 51 / 255.0;
    float[] of8 = {
      (float) (1 / 255.0 * fifth + (1 - fifth)),
      (float) (128 / 255.0 * fifth + (1 - fifth)),
      (float) (fifth + (1 - fifth))
    };
    colors(png(1, 1, 8, 6, bytes(1, 128, 255, 51)), of8);
    colors(tiff(1, 1, 8, 4, 2, UNSIGNED, ALPHA, bytes(1, 128, 255, 51)), of8);
    float[] opaque = {0x0102 / 65535f, 0x8001 / 65535f, 1};
    colors(png(1, 1, 16, 6, bytes(1, 2, 0x80, 1, 0xff, 0xff, 0xff, 0xff)), opaque);
    byte[] shorts = shorts(0x0102, 0x8001, 0xffff, 0xffff);
    colors(tiff(1, 1, 16, 4, 2, UNSIGNED, ALPHA, shorts), opaque);
    byte[] ints = ints(0, 1 << 31, -1, -1);
    colors(tiff(1, 1, 32, 4, 2, UNSIGNED, ALPHA, ints), 0, 0x80000000L / 4294967295f, 1);
    byte[] reals = floats(0.5f, 0.25f, 1, 0.5f);
    colors(tiff(1, 1, 32, 4, 2, REAL, ALPHA, reals), 0.75f, 0.625f, 1);
    colors(tiff(1, 1, 32, 4, 2, REAL, PREMULTIPLIED, reals), 1, 0.75f, 1.5f);
    byte[] clear = bytes(1, 2, 3);
    colors(png(1, 1, 8, 2, clear, "tRNS", bytes(0, 1, 0, 2, 0, 3)), 1, 1, 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8})
  void palettes(int bits) throws IOException {
    byte[] second = bytes(1 << 8 - bits);
    byte[] palette = bytes(9, 8, 7, 100, 150, 200);
    float[] color = {100 / 255f, 150 / 255f, 200 / 255f};
    colors(png(1, 1, bits, 3, second, "PLTE", palette), color);
    double fifth = 51 / 255.0;
    float[] veiled = new float[3];
    for (int c = 0; c < 3; c++) {
      veiled[c] = (float) (new int[] {100, 150, 200}[c] / 255.0 * fifth + (1 - fifth));
    }
    colors(png(1, 1, bits, 3, second, "PLTE", palette, "tRNS", bytes(255, 51)), veiled);
    int size = 1 << bits;
    int[] map = new int[3 * size];
    map[1] = 257 * 100;
    map[size + 1] = 257 * 150;
    map[2 * size + 1] = 257 * 200;
    if (bits >= 4) { // no other palettes are in TIFF
      colors(tiff(1, 1, bits, 1, 3, UNSIGNED, NONE, second, map), color);
    }
  }

  /** A block of one level has one coefficient, so it comes back as it is. */
  @Test
  void jpeg() throws IOException {
    for (int level : new int[] {0, 1, 100, 128, 255}) {
      BufferedImage gray = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
      WritableRaster raster = gray.getRaster();
      raster.setSamples(0, 0, 8, 8, 0, filled(64, level));
      Path file = folder.resolve("gray.jpg");
      ImageIO.write(gray, "jpg", file.toFile());
      for (float value : Pictures.read(file).planes()) {
        assertTrue(Math.abs(value * 255 - level) <= 1, level + " became " + value * 255);
      }
    }
    BufferedImage rgb = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
    rgb.setRGB(0, 0, 8, 8, filled(64, 0x336699), 0, 8);
    Path file = folder.resolve("rgb.jpg");
    ImageIO.write(rgb, "jpg", file.toFile());
    float[] planes = Pictures.read(file).planes();
    for (int c = 0; c < 3; c++) {
      assertTrue(Math.abs(planes[64 * c] * 255 - 0x33 * (c + 1)) <= 2, Arrays.toString(planes));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13})
  void everyTypeOfImage(int type) {
    BufferedImage image = new BufferedImage(2, 1, type);
    image.setRGB(0, 0, 0xffffffff);
    image.setRGB(1, 0, 0xff000000);
    assertArrayEquals(new float[] {1, 0, 1, 0, 1, 0}, Pictures.of(image).planes());
  }

  @Test
  void bitsOfEachBand() {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_USHORT_565_RGB);
    image.getRaster().setPixel(0, 0, new int[] {1, 2, 3});
    float[] planes = Pictures.of(image).planes();
    assertArrayEquals(new float[] {1 / 31f, 2 / 63f, 3 / 31f}, planes);
  }

  @Test
  void refusesWhatJavaReadsAsOtherNumbers() throws IOException {
    refuses(tiff(1, 1, 16, 1, 1, SIGNED, NONE, shorts(1)), "samples are signed integers, but must");
    refuses(tiff(1, 1, 8, 1, 1, SIGNED, NONE, bytes(1)), "samples are signed integers, but must");
    refuses(tiff(1, 1, 16, 1, 1, REAL, NONE, shorts(0x3c00)), "floating-point of 16 bits, but");
    refuses(tiff(2, 1, 12, 1, 1, UNSIGNED, NONE, bytes(1, 2, 3)), "12 bits, but must have 1, 2");
    refuses(tiff(1, 1, 32, 1, 0, UNSIGNED, NONE, ints(1)), "white is 0, but black must be");
    refuses(tiff(1, 1, 8, 4, 5, UNSIGNED, NONE, bytes(1, 2, 3, 4)), "colours are CMYK, but must");
    refuses(tiff(1, 1, 8, 3, 8, UNSIGNED, NONE, bytes(128, 0, 0)), "colours are Lab, but must");
  }

  private void refuses(byte[] file, String message) throws IOException {
    Path path = Files.write(folder.resolve("x"), file);
    String text = assertThrows(IOException.class, () -> Pictures.read(path)).getMessage();
    assertTrue(text.startsWith(path + ": is no readable picture: "), text);
    assertTrue(text.contains(message), text);
  }

  private void gray(byte[] file, float... plane) throws IOException {
    float[] planes = new float[3 * plane.length];
    for (int i = 0; i < planes.length; i++) {
      planes[i] = plane[i % plane.length];
    }
    colors(file, planes);
  }

  private void colors(byte[] file, float... planes) throws IOException {
    assertArrayEquals(planes, Pictures.read(Files.write(folder.resolve("x"), file)).planes());
  }

  private static int[] filled(int count, int value) {
    int[] values = new int[count];
    Arrays.fill(values, value);
    return values;
  }

  private static byte[] shorts(int... values) {
    ByteBuffer buffer = little(2 * values.length);
    Arrays.stream(values).forEach(value -> buffer.putShort((short) value));
    return buffer.array();
  }

  private static byte[] ints(int... values) {
    ByteBuffer buffer = little(4 * values.length);
    Arrays.stream(values).forEach(buffer::putInt);
    return buffer.array();
  }

  private static byte[] floats(float... values) {
    ByteBuffer buffer = little(4 * values.length);
    for (float value : values) {
      buffer.putFloat(value);
    }
    return buffer.array();
  }

  private static byte[] doubles(double... values) {
    ByteBuffer buffer = little(8 * values.length);
    Arrays.stream(values).forEach(buffer::putDouble);
    return buffer.array();
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
