package io.github.clpool.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.cli.DrawnPicture;
import io.github.clpool.io.Npy;
import io.github.clpool.io.NpyArray;
import io.github.clpool.io.NpyType;
import io.github.clpool.io.Picture;
import io.github.clpool.io.Pictures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplacementTest {
  private static final byte[] OLD = {1, 2, 3};
  private static final byte[] NEW = {4, 5};

  @TempDir Path folder;

  @Test
  void theOldFileStaysUntilTheNewOneIsWhole() throws IOException {
    Path file = Files.write(folder.resolve("x"), OLD);
    try (Replacement replacement = new Replacement(file)) {
      replacement.write(ByteBuffer.wrap(NEW));
      assertArrayEquals(OLD, Files.readAllBytes(file));
    }
    assertArrayEquals(OLD, Files.readAllBytes(file));
    assertEquals(List.of(file), files());
    Replacement.write(file, NEW);
    assertArrayEquals(NEW, Files.readAllBytes(file));
    assertEquals(List.of(file), files());
  }

  @Test
  void linksAreFollowedAndPermissionsKept() throws IOException {
    Path file = Files.write(folder.resolve("x"), OLD);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("x"));
    Replacement.write(link, NEW);
    assertTrue(Files.isSymbolicLink(link));
    assertArrayEquals(NEW, Files.readAllBytes(file));
    assertEquals("rw-r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    Path dangling = Files.createSymbolicLink(folder.resolve("dangling"), Path.of("y"));
    Replacement.write(dangling, NEW);
    assertArrayEquals(NEW, Files.readAllBytes(folder.resolve("y")));
  }

  @Test
  void oneFileIsNotWrittenTwice() throws IOException {
    Path file = Files.write(folder.resolve("x"), OLD);
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("x"));
    for (Path other : List.of(file, link, folder.resolve("../" + folder.getFileName() + "/x"))) {
      try (Replacements replacements = new Replacements()) {
        replacements.write(file, NEW);
        IOException refused = assertThrows(IOException.class, () -> replacements.write(other, NEW));
        assertTrue(refused.getMessage().startsWith(other + ": would be written twice"));
      }
      assertArrayEquals(OLD, Files.readAllBytes(file));
    }
    assertEquals(Set.of(file, link), Set.copyOf(files()));
    try (Replacements replacements = new Replacements()) {
      replacements.write(Path.of("/dev/null"), NEW);
      replacements.write(Path.of("/dev/null"), NEW); // nothing is lost there
    }
  }

  /** The second cannot be written, so the first is not replaced. */
  @Test
  void allArraysOrNone() throws IOException {
    Path first = Files.write(folder.resolve("first.npy"), OLD);
    NpyArray one = NpyArray.of(NpyType.FLOAT32, FloatBuffer.allocate(1), List.of(1L));
    for (Path bad :
        List.of(Path.of("/dev/full"), first.resolve("y"), folder.resolve("none/y"), folder)) {
      Map<Path, NpyArray> arrays = new LinkedHashMap<>();
      arrays.put(first, one);
      arrays.put(bad, one);
      String text = assertThrows(IOException.class, () -> Npy.write(arrays)).getMessage();
      assertTrue(text.startsWith(bad + ": "), text);
      assertArrayEquals(OLD, Files.readAllBytes(first));
      assertEquals(List.of(first), files());
    }
    Picture picture = DrawnPicture.draw(16);
    Path png = first.resolve("x.png");
    String text = assertThrows(IOException.class, () -> Pictures.write(png, picture)).getMessage();
    assertTrue(text.startsWith(png + ": "), text);
    assertFalse(Files.exists(png));
  }

  /** What the library writes is a Replacement, but for what it unpacks to load it. */
  @Test
  void nothingElseWritesFiles() throws IOException {
    Pattern writes =
        Pattern.compile(
            "Files[.](write|newBufferedWriter|newOutputStream|copy|move)|StandardOpenOption"
                + "|FileChannel|FileOutputStream|FileWriter|RandomAccessFile|createImageOutputStream"
                + "|new (PrintWriter|PrintStream|Formatter)[(](file|path|\")");
    Set<String> writers = new TreeSet<>();
    Path sources = Path.of("src", "main", "java");
    try (Stream<Path> files = Files.walk(sources)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (writes.matcher(Files.readString(file)).find()) {
          writers.add(file.getFileName().toString());
        }
      }
    }
    assertEquals(Set.of("JoclLibrary.java", "Replacement.java"), writers);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
