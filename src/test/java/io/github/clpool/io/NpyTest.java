package io.github.clpool.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class NpyTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(NpyType.class)
  void everyTypeComesBack(NpyType type) throws IOException {
    for (List<Long> sizes :
        List.of(List.<Long>of(), List.of(5L), List.of(0L, 3L), List.of(2L, 3L, 4L))) {
      int count = (int) (long) sizes.stream().reduce(1L, (a, b) -> a * b);
      byte[] bytes = new byte[count * type.bytes()];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) (i * 37);
      }
      Path file = folder.resolve("x.npy");
      Npy.write(file, new NpyArray(type, sizes, ByteBuffer.wrap(bytes)));
      NpyArray back = Npy.read(file);
      assertEquals(type, back.type());
      assertEquals(sizes, back.sizes());
      byte[] read = new byte[bytes.length];
      back.bytes().duplicate().get(read);
      assertArrayEquals(bytes, read);
      assertEquals(count, back.buffer().remaining());
    }
  }

  /** {@code numpy.save} of NumPy 2.4 for {@code arange(6, dtype='<f4').reshape(2, 3)}. */
  @Test
  void writesWhatNumPyWrites() throws IOException {
    ByteArrayOutputStream numpy = new ByteArrayOutputStream();
    numpy.write(
        Base64.getDecoder()
            .decode(
                "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMpLCB9"));
    while (numpy.size() < 127) {
      numpy.write(' ');
    }
    numpy.write('\n');
    numpy.write(Base64.getDecoder().decode("AAAAAAAAgD8AAABAAABAQAAAgEAAAKBA"));
    Path file = folder.resolve("x.npy");
    FloatBuffer elements = FloatBuffer.wrap(new float[] {0, 1, 2, 3, 4, 5});
    Npy.write(file, NpyArray.of(NpyType.FLOAT32, elements, List.of(2L, 3L)));
    assertArrayEquals(numpy.toByteArray(), Files.readAllBytes(file));
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "3"})
  void readsEveryVersion(int version) throws IOException {
    Path file =
        file(version, "{'descr': '<i4', 'fortran_order': False, 'shape': (1,), }\n", 42, 0, 0, 0);
    NpyArray array = Npy.read(file);
    assertEquals(List.of(1L), array.sizes());
    assertEquals(42, ((java.nio.IntBuffer) array.buffer()).get(0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      value = {
        "'<f4', 'fortran_order': True, 'shape': (1, 1); Fortran order, but must be in C order",
        "'|O', 'fortran_order': False, 'shape': (1,); Python objects (a pickle)",
        "'>f4', 'fortran_order': False, 'shape': (1,); big endian, but must be little endian",
        "'|b1', 'fortran_order': False, 'shape': (4,); '|b1', but must be one of <f2, <f4",
        "[('a', '<f4')], 'fortran_order': False, 'shape': (1,); are records",
        "'<f4', 'fortran_order': False, 'shape': (2,); needs 8 bytes, but only 4 are there",
        "'<f2', 'fortran_order': False, 'shape': (1,); has 2 bytes behind its array <f2 [1]",
        "'<f4', 'fortran_order': False, 'shape': (-1,); no readable 'shape'",
        "'<f4', 'shape': (1,); no readable 'fortran_order'",
        "'<f4', 'fortran_order': False, 'shape': (65536, 65536); less than 2^31 bytes",
        "'<f4', 'fortran_order': False, 'shape': (99999999999999999999,); '99999999999999999999', but must have numbers below 2^63",
        "'<f4', 'fortran_order': False, 'shape': (536870911,); needs 2147483644 bytes, but only 4",
        "'<f4', 'fortran_order': False, 'shape': (1 1,); '1 1', but must have numbers below 2^63",
      })
  void refuses(String header, String message) throws IOException {
    Path file = file(1, "{'descr': " + header + ", }\n", 1, 2, 3, 4);
    String text = assertThrows(IOException.class, () -> Npy.read(file)).getMessage();
    assertTrue(text.startsWith(file + ": "), text);
    assertTrue(text.contains(message), text);
  }

  @Test
  void refusesOtherFiles() throws IOException {
    check("PK\3\4 and more of a zip file", "is a zip file (.npz?)");
    check("something else altogether", "is not a .npy file");
    check("\u0093NU", "is truncated: its magic number needs 6 bytes, but only 3 are there");
    check("\u0093NUMPY\4\0\2\0{}", "has format version 4");
    check("\u0093NUMPY\1\0\u00ff\0{}", "is truncated: its header needs 255 bytes, but only 2");
    check(
        "\u0093NUMPY\2\0\u00ff\u00ff\u00ff\u00ff{}",
        "its header has 4294967295 bytes, but must have at most 65535");
  }

  @Test
  void saysLittleOfLongHeaders() throws IOException {
    String ones = "1, ".repeat(60);
    check(header("'" + "y".repeat(900) + "'", "(1,)"), "yyyy... (500 more characters)");
    check(header("'<f4'", "(" + "1".repeat(900) + ",)"), "111... (500 more characters)");
    check(header("'<f4'", "(" + ones + "1, 1, 1, 1, 1)"), "has 65 sizes, but must have at most 64");
    check(
        header("'<f4'", "[" + ones + ones + ones + "]"), "'shape' in its header {'descr': '<f4',");
    for (String name : List.of("", "/none", "/none/x.npy")) {
      Path none = folder.resolve("x.npy" + name).resolve("none");
      String text = assertThrows(IOException.class, () -> Npy.read(none)).getMessage();
      assertTrue(text.startsWith(none + ": "), text);
    }
    String text = assertThrows(IOException.class, () -> Npy.read(folder)).getMessage();
    assertEquals(folder + ": is a folder", text);
  }

  private static String header(String type, String sizes) {
    String header = "{'descr': %s, 'fortran_order': False, 'shape': %s, }\n".formatted(type, sizes);
    char high = (char) (header.length() >> 8);
    return "\u0093NUMPY\1\0" + (char) (header.length() & 255) + high + header;
  }

  private void check(String content, String message) throws IOException {
    Path file = folder.resolve("x.npy");
    Files.write(file, content.getBytes(StandardCharsets.ISO_8859_1));
    String text = assertThrows(IOException.class, () -> Npy.read(file)).getMessage();
    assertTrue(text.contains(message), text);
    assertTrue(text.length() < 1000, text);
  }

  private Path file(int version, String header, int... bytes) throws IOException {
    ByteBuffer file = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
    file.put("\u0093NUMPY".getBytes(StandardCharsets.ISO_8859_1)).put((byte) version).put((byte) 0);
    if (version == 1) {
      file.putShort((short) header.length());
    } else {
      file.putInt(header.length());
    }
    file.put(header.getBytes(StandardCharsets.UTF_8));
    for (int each : bytes) {
      file.put((byte) each);
    }
    byte[] content = new byte[file.flip().remaining()];
    file.get(content);
    return Files.write(folder.resolve("x.npy"), content);
  }
}
