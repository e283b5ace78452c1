package io.github.clpool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pooling;
import io.github.clpool.WithoutDevice;
import io.github.clpool.io.Npy;
import io.github.clpool.io.NpyArray;
import io.github.clpool.io.NpyType;
import io.github.clpool.io.Pictures;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever cannot be read or written is named, where Java's exceptions name nothing, too. */
@WithoutDevice
class NamedFilesTest {
  /** Opens, and cannot be read: the failure is the system's, without a name. */
  private static final Path UNREADABLE = Path.of("/proc/self/mem");

  /** Opens, and has no room. */
  private static final Path FULL = Path.of("/dev/full");

  @TempDir Path folder;
  private Path x;
  private Path picture;

  @BeforeEach
  void good() throws IOException {
    Assumptions.assumeTrue(Files.exists(UNREADABLE) && Files.exists(FULL), "no such files here");
    x = folder.resolve("x.npy");
    FloatBuffer elements = FloatBuffer.wrap(new float[] {1, 2, 3, 4});
    Npy.write(x, NpyArray.of(NpyType.FLOAT32, elements, List.of(1L, 1L, 2L, 2L)));
    picture = folder.resolve("x.png");
    Pictures.write(picture, DrawnPicture.draw(16));
  }

  /** The command fails with one line that names the file and says more. */
  private static void named(Path file, Object... words) {
    Cli cli = Cli.run(words);
    assertEquals(1, cli.code(), cli.err());
    assertEquals(1, cli.err().lines().count(), cli.err());
    assertTrue(cli.err().matches("(?s).*" + file + ": .*[a-z].*"), cli.err());
    assertTrue(!cli.err().contains("Exception"), cli.err());
  }

  @Test
  void whatIsRead() throws IOException {
    List<Object> run = new ArrayList<>(List.of("run", "avg window=1", "--device", "jvm"));
    Collections.addAll(run, "--input", x, "--output", folder.resolve("y.npy"));
    Collections.addAll(run, "--grad-output", x, "--grad-input", folder.resolve("d.npy"));
    assertEquals(0, Cli.run(run.toArray()).code());
    for (Path bad : List.of(UNREADABLE, folder, folder.resolve("none"), x.resolve("y"), FULL)) {
      for (String option : List.of("--input", "--grad-output")) {
        List<Object> broken = new ArrayList<>(run);
        broken.set(broken.indexOf(option) + 1, bad);
        named(bad, broken.toArray());
      }
      named(bad, "onnx", bad, "--input", x, "--output", folder.resolve("y.npy"));
      named(bad, "demo", bad, "--device", "jvm", "--gallery", folder.resolve("gallery"));
      if (!bad.equals(FULL)) { // it gives zeros without end, until the memory is full
        named(bad, "run", "--jobs", bad, "--device", "jvm");
      }
    }
  }

  @Test
  void whatIsWritten() throws IOException {
    for (Path bad : List.of(FULL, folder.resolve("none/x"), x.resolve("y"), folder)) {
      Object[] job = {"run", "max window=1", "--input", x, "--output", bad, "--device", "jvm"};
      named(bad, job);
      named(bad, "parity", "--case", "max global on 1x1x2", "--device", "jvm", "--junit", bad);
    }
    for (Path bad : List.of(x, x.resolve("y"))) {
      named(bad, "parity", "--case", "max global on 1x1x2", "--device", "jvm", "--report", bad);
      named(bad, "plan", "max global", "--shape", "1x1x2", "--export", bad);
      named(bad, "demo", picture, "--device", "jvm", "--gallery", bad);
    }
  }

  /** The page of an older gallery is read, and its pictures are deleted. */
  @Test
  void whatIsThereAlready() throws IOException {
    Path gallery = Files.createDirectory(folder.resolve("gallery"));
    Path page = gallery.resolve("index.html");
    Files.createSymbolicLink(page, UNREADABLE);
    assertNamed(page, gallery);
    Files.delete(page);
    Files.writeString(page, "<title>clpool gallery</title><img src=\"old.png\"");
    Path old = Files.createDirectory(gallery.resolve("old.png"));
    Files.createDirectory(old.resolve("photos"));
    assertNamed(old, gallery);
  }

  private static void assertNamed(Path file, Path gallery) {
    try (Pooling pooling = Pooling.open(DevicePolicy.JVM_ONLY)) {
      Gallery empty = new Gallery(gallery, List.of(), pooling.selection());
      String failed =
          assertThrows(IOException.class, () -> empty.write(Map.of(), List.of(), List.of()))
              .getMessage();
      assertTrue(failed.startsWith(file + ": "), failed);
    }
  }
}
