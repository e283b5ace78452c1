package io.github.clpool.io;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;

/** Picture files put together byte by byte, so that nobody's writer says what they hold. */
final class PictureFiles {
  private static final int SHORT = 3;
  private static final int LONG = 4;

  private PictureFiles() {}

  /**
   * A PNG file.
   *
   * @param colorType 0 grey, 2 RGB, 3 indexed, 4 grey with alpha, 6 RGB with alpha
   * @param rows the samples, rows padded to bytes, 16-bit samples big endian; null leaves them out
   * @param extras chunks before them: a name each, and its bytes
   */
  static byte[] png(int width, int height, int depth, int colorType, byte[] rows, Object... extras)
      throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 26, '\n'});
    ByteBuffer header = ByteBuffer.allocate(13);
    header.putInt(width).putInt(height).put((byte) depth).put((byte) colorType);
    chunk(file, "IHDR", header.array());
    for (int i = 0; i < extras.length; i += 2) {
      chunk(file, (String) extras[i], (byte[]) extras[i + 1]);
    }
    if (rows != null) {
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      try (DeflaterOutputStream deflater = new DeflaterOutputStream(packed)) {
        int row = rows.length / height;
        for (int y = 0; y < height; y++) {
          deflater.write(0); // no filter
          deflater.write(rows, y * row, row);
        }
      }
      chunk(file, "IDAT", packed.toByteArray());
    }
    chunk(file, "IEND", new byte[0]);
    return file.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream file, String name, byte[] data)
      throws IOException {
    byte[] type = name.getBytes(StandardCharsets.US_ASCII);
    CRC32 check = new CRC32();
    check.update(type);
    check.update(data);
    file.write(ByteBuffer.allocate(4).putInt(data.length).array());
    file.write(type);
    file.write(data);
    file.write(ByteBuffer.allocate(4).putInt((int) check.getValue()).array());
  }

  /**
   * An uncompressed TIFF file of one strip, little endian.
   *
   * @param bits of each sample
   * @param bands samples of each cell
   * @param photometric 0 grey with white 0, 1 grey, 2 RGB, 3 indexed, 5 CMYK
   * @param format 1 unsigned, 2 signed, 3 floating-point
   * @param alpha -1 for none, 1 premultiplied, 2 not
   */
  static byte[] tiff(
      int width,
      int height,
      int bits,
      int bands,
      int photometric,
      int format,
      int alpha,
      byte[] rows,
      int... colors)
      throws IOException {
    SortedMap<Integer, int[]> fields = new TreeMap<>();
    fields.put(256, new int[] {width});
    fields.put(257, new int[] {height});
    fields.put(258, repeat(bits, bands));
    fields.put(259, new int[] {1}); // not compressed
    fields.put(262, new int[] {photometric});
    fields.put(273, new int[] {8});
    fields.put(277, new int[] {bands});
    fields.put(278, new int[] {height});
    fields.put(279, new int[] {rows.length});
    if (colors.length > 0) {
      fields.put(320, colors);
    }
    if (alpha >= 0) {
      fields.put(338, new int[] {alpha});
    }
    fields.put(339, repeat(format, bands));
    int start = 8 + rows.length + rows.length % 2;
    int behind = start + 2 + 12 * fields.size() + 4;
    ByteBuffer file = ByteBuffer.allocate(behind + 4096).order(ByteOrder.LITTLE_ENDIAN);
    file.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(start).put(rows);
    file.position(start).putShort((short) fields.size());
    for (var field : fields.entrySet()) {
      boolean isLong = field.getKey() == 273 || field.getKey() == 279 || field.getKey() <= 257;
      int[] values = field.getValue();
      file.putShort((short) (int) field.getKey());
      file.putShort((short) (isLong ? LONG : SHORT)).putInt(values.length);
      if (isLong) {
        file.putInt(values[0]);
      } else if (values.length <= 2) {
        file.putShort((short) values[0]).putShort((short) (values.length == 2 ? values[1] : 0));
      } else {
        file.putInt(behind);
        for (int value : values) {
          file.putShort(behind, (short) value);
          behind += 2;
        }
      }
    }
    file.putInt(0);
    byte[] bytes = new byte[behind];
    file.rewind().get(bytes);
    return bytes;
  }

  private static int[] repeat(int value, int count) {
    int[] values = new int[count];
    java.util.Arrays.fill(values, value);
    return values;
  }

  /** Bytes of numbers: {@code bytes(1, 255)}. */
  static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
