package io.github.clpool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.SmallDisk;
import io.github.clpool.WithoutDevice;
import io.github.clpool.io.Npy;
import io.github.clpool.io.NpyArray;
import io.github.clpool.io.NpyType;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk on which nothing more has room: what is there stays, and the file is named. */
@WithoutDevice
class FullDiskTest {
  @TempDir Path folder;
  private Path disk;
  private SmallDisk mounted;

  @BeforeEach
  void mount() throws IOException {
    disk = folder.resolve("disk");
    mounted = SmallDisk.mount(disk);
  }

  @AfterEach
  void unmount() throws IOException {
    if (mounted != null) {
      mounted.close();
    }
  }

  private Path old(String name) throws IOException {
    return Files.writeString(disk.resolve(name), "old " + name);
  }

  private static Map<String, byte[]> content(Path folder) throws IOException {
    Map<String, byte[]> content = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        content.put(file.toString(), Files.readAllBytes(file));
      }
    }
    return content;
  }

  /** A command fails with one line that begins so; no file is another then, or more or less. */
  private void fails(String start, Object... words) throws IOException {
    Map<String, byte[]> before = content(folder);
    Cli cli = Cli.run(words);
    assertEquals(1, cli.code(), cli.err());
    assertEquals(1, cli.err().lines().count(), cli.err());
    assertTrue(cli.err().startsWith(start), cli.err());
    assertTrue(cli.err().contains(": " + SmallDisk.FULL), cli.err());
    Map<String, byte[]> after = content(folder);
    assertEquals(before.keySet(), after.keySet());
    before.forEach((file, bytes) -> assertEquals(0, Arrays.compare(bytes, after.get(file)), file));
  }

  @Test
  void runKeepsAllItsFiles() throws IOException {
    Path x = folder.resolve("x.npy");
    FloatBuffer elements = FloatBuffer.allocate(64);
    Npy.write(x, NpyArray.of(NpyType.FLOAT32, elements, List.of(1L, 1L, 8L, 8L)));
    Path y = Files.writeString(folder.resolve("y.npy"), "old y");
    Path indices = old("i.npy");
    mounted.fill();
    Object[] job = {"run", "max window=1", "--input", x, "--output", y, "--indices", indices};
    fails("clpool run: " + indices + ": ", with(job, "--device", "jvm"));
    Path jobs = folder.resolve("jobs");
    Files.writeString(jobs, "'max window=1' --input " + x + " --output " + indices + "\n");
    String line = "clpool run: " + jobs + " line 1: " + indices + ": ";
    fails(line, "run", "--jobs", jobs, "--device", "jvm");
  }

  private static Object[] with(Object[] words, Object... more) {
    return Stream.concat(Stream.of(words), Stream.of(more)).toArray();
  }

  @Test
  void demoKeepsAnOlderGallery() throws IOException {
    old("index.html");
    old("drawn-input.png");
    mounted.fill();
    Object[] command = {"demo", "--size", "16", "--gallery", disk, "--device", "jvm"};
    fails("clpool demo: " + disk + "/", command);
    Files.delete(mounted.filler()); // now there is room for some of the pictures
    fails("clpool demo: " + disk + "/", command);
  }

  @Test
  void benchKeepsAnOlderReport() throws IOException {
    List<Path> reports = List.of(old("report.md"), old("report.json"), old("report.html"));
    mounted.fill();
    for (Path report : reports) {
      fails(
          "clpool bench: " + report + ": ",
          "bench",
          "--quick",
          "--scale",
          "1000",
          "--device",
          "jvm",
          "--report",
          report);
    }
  }

  @Test
  void parityKeepsOlderReports() throws IOException {
    old("index.html");
    Path junit = old("junit.xml");
    Object[] command = {"parity", "--case", "max global on 1x1x2", "--device", "jvm"};
    mounted.fill();
    fails("clpool parity: " + disk + "/index.html: ", with(command, "--report", disk));
    fails("clpool parity: " + junit + ": ", with(command, "--junit", junit));
  }

  @Test
  void planKeepsAnOlderExport() throws IOException {
    Cli.ok("plan", "max global", "--shape", "1x1x2", "--export", disk);
    mounted.fill();
    Object[] command = {"plan", "sum global", "--shape", "1x1x3", "--export", disk};
    fails("clpool plan: " + disk + "/", command);
  }
}
