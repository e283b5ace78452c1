package io.github.clpool.io;

import io.github.clpool.files.NamedFailure;
import io.github.clpool.files.RegularFile;
import io.github.clpool.files.Replacement;
import io.github.clpool.files.Replacements;
import io.github.clpool.tensor.Excerpt;
import io.github.clpool.tensor.Require;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * NumPy's {@code .npy} files: format versions 1 to 3, row-major, little endian. Stateless.
 *
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">the
 *     format</a>
 */
public final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final byte[] ZIP = {'P', 'K'};
  private static final int ALIGNMENT = 64;
  private static final int LONGEST_HEADER = 65535; // what version 1 can hold
  private static final int MOST_SIZES = 64; // as NumPy
  private static final Pattern TYPE = Pattern.compile("'descr'\\s*:\\s*(\\[|'([^']*)')");
  private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
  private static final Pattern SIZES = Pattern.compile("'shape'\\s*:\\s*\\(([\\d\\s,L]*)\\)");

  private Npy() {}

  /**
   * Reads a file.
   *
   * @param file the file
   * @return its array, in direct memory
   * @throws IOException if it cannot be read, or is not such a file, with what is wrong
   */
  public static NpyArray read(Path file) throws IOException {
    Require.present("file", file);
    try {
      RegularFile.check(file);
      try (SeekableByteChannel channel = Files.newByteChannel(file)) {
        return read(channel);
      }
    } catch (IOException failed) {
      throw NamedFailure.of(file, failed);
    } catch (IllegalArgumentException malformed) {
      throw new IOException(file + ": " + malformed.getMessage(), malformed);
    } catch (OutOfMemoryError tooLarge) {
      throw NamedFailure.of(file, tooLarge);
    }
  }

  private static NpyArray read(SeekableByteChannel channel) throws IOException {
    byte[] magic = fill(channel, MAGIC.length, "magic number").array();
    if (!Arrays.equals(magic, MAGIC)) {
      boolean zip = Arrays.equals(magic, 0, ZIP.length, ZIP, 0, ZIP.length);
      throw new IllegalArgumentException(
          zip ? "is a zip file (.npz?), but must be a .npy file" : "is not a .npy file");
    }
    int version = fill(channel, 2, "version").get();
    if (version < 1 || version > 3) {
      throw new IllegalArgumentException(
          "has format version " + version + ", but must have 1 to 3");
    }
    long length =
        version == 1
            ? Short.toUnsignedInt(fill(channel, 2, "header length").getShort())
            : Integer.toUnsignedLong(fill(channel, 4, "header length").getInt());
    Require.that(
        length <= LONGEST_HEADER,
        "its header has %d bytes, but must have at most %d",
        length,
        LONGEST_HEADER);
    Charset charset = version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
    String header = charset.decode(fill(channel, length, "header")).toString();
    NpyType type = type(header);
    if (find(ORDER, header, "fortran_order").group(1).equals("True")) {
      throw new IllegalArgumentException(
          "is in Fortran order, but must be in C order (numpy.ascontiguousarray)");
    }
    List<Long> sizes = sizes(header);
    String what = "array " + type.text() + " " + sizes;
    int needed = NpyArray.bytes(type, sizes);
    long there = channel.size() - channel.position();
    if (there < needed) { // before memory is made for it
      throw truncated(what, needed, there);
    }
    if (there > needed) {
      throw new IllegalArgumentException(
          "has %d bytes behind its %s".formatted(there - needed, what));
    }
    NpyArray array = NpyArray.zeros(type, sizes);
    fill(channel, array.bytes(), what);
    return array;
  }

  private static NpyType type(String header) {
    Matcher type = find(TYPE, header, "descr");
    if (type.group(2) == null) {
      throw new IllegalArgumentException("elements are records, but must be numbers");
    }
    return NpyType.parse(type.group(2));
  }

  private static List<Long> sizes(String header) {
    List<String> sizes =
        Arrays.stream(find(SIZES, header, "shape").group(1).split(","))
            .map(size -> size.replace("L", "").strip())
            .filter(size -> !size.isEmpty())
            .toList();
    Require.that(
        sizes.size() <= MOST_SIZES,
        "'shape' has %d sizes, but must have at most %d",
        sizes.size(),
        MOST_SIZES);
    return sizes.stream().map(Npy::size).toList();
  }

  private static Long size(String text) {
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException tooLarge) {
      throw new IllegalArgumentException(
          "'shape' has '" + Excerpt.of(text) + "', but must have numbers below 2^63", tooLarge);
    }
  }

  private static Matcher find(Pattern pattern, String header, String key) {
    Matcher matcher = pattern.matcher(header);
    Require.that(matcher.find(), "has no readable '%s' in its header %s", key, header.strip());
    return matcher;
  }

  private static ByteBuffer fill(SeekableByteChannel channel, long bytes, String what)
      throws IOException {
    long there = channel.size() - channel.position();
    if (there < bytes) { // before memory is made for it
      throw truncated(what, bytes, there);
    }
    ByteBuffer buffer = ByteBuffer.allocate((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
    fill(channel, buffer, what);
    return buffer;
  }

  private static void fill(SeekableByteChannel channel, ByteBuffer target, String what)
      throws IOException {
    ByteBuffer buffer = target.duplicate();
    int needed = buffer.remaining();
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw truncated(what, needed, buffer.position());
      }
    }
  }

  private static EOFException truncated(String what, long needed, long there) {
    return new EOFException(
        "is truncated: its %s needs %d bytes, but only %d are there"
            .formatted(what, needed, there));
  }

  /**
   * Writes a file of format version 1, replacing what is there.
   *
   * @param file the file
   * @param array its array
   * @throws IOException naming the file, if it cannot be written; it is as it was then
   */
  public static void write(Path file, NpyArray array) throws IOException {
    write(Map.of(Require.present("file", file), Require.present("array", array)));
  }

  /**
   * Writes files of format version 1. None is replaced before all are written.
   *
   * @param arrays an array for each file
   * @throws IOException naming the file that cannot be written
   */
  public static void write(Map<Path, NpyArray> arrays) throws IOException {
    Require.present("arrays", arrays);
    try (Replacements replacements = new Replacements()) {
      for (Map.Entry<Path, NpyArray> each : arrays.entrySet()) {
        write(replacements.begin(each.getKey()), each.getValue());
      }
      replacements.commit();
    }
  }

  private static void write(Replacement replacement, NpyArray array) throws IOException {
    String sizes = array.sizes().stream().map(size -> size + ",").collect(Collectors.joining(" "));
    if (array.sizes().size() > 1) { // as Python prints a tuple
      sizes = sizes.substring(0, sizes.length() - 1);
    }
    String header =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }"
            .formatted(array.type().text(), sizes);
    int before = MAGIC.length + 4;
    int length = before + header.length() + 1;
    length += Math.floorMod(-length, ALIGNMENT);
    ByteBuffer start = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    start.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) (length - before));
    start.put(header.getBytes(StandardCharsets.ISO_8859_1));
    while (start.remaining() > 1) {
      start.put((byte) ' ');
    }
    start.put((byte) '\n').flip();
    replacement.write(start);
    replacement.write(array.bytes().duplicate());
  }
}
