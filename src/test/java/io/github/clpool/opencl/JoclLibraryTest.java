package io.github.clpool.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.ForkedJvm;
import io.github.clpool.WithoutDevice;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.jocl.LibUtils;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How JOCL's native library is loaded, in JVMs of their own with their own temporary folder. */
@WithoutDevice
class JoclLibraryTest {
  /** Where nothing worse is wrong than a driver that is not there. */
  private static final List<String> LOADING_FAILED =
      List.of("JOCL cannot be loaded", "cannot be unpacked");

  @TempDir Path folder;

  private record Library(String name, byte[] content) {}

  /** JOCL's library for this machine. */
  private static Library library() throws IOException {
    URL own = LibUtils.class.getResource("LibUtils.class");
    try (JarFile jar = ((JarURLConnection) own.openConnection()).getJarFile()) {
      String end = LibUtils.createPlatformLibraryName("");
      JarEntry entry =
          jar.stream().filter(each -> each.getName().contains(end)).findFirst().orElse(null);
      Assumptions.assumeTrue(entry != null, () -> "JOCL has no library for this machine, " + end);
      try (InputStream in = jar.getInputStream(entry)) {
        return new Library(Path.of(entry.getName()).getFileName().toString(), in.readAllBytes());
      }
    }
  }

  private ForkedJvm start(Path temporary, String... options) throws IOException {
    List<String> all = new ArrayList<>(Arrays.asList(options));
    all.add("-Djava.io.tmpdir=" + temporary);
    all.add("-XX:ErrorFile=" + folder.resolve("error.log"));
    String[] arguments = Files.isDirectory(temporary) ? new String[] {"files"} : new String[0];
    return ForkedJvm.start(JoclLibraryProgram.class, all, arguments);
  }

  private static void assertLoads(String printed) {
    LOADING_FAILED.forEach(text -> assertFalse(printed.contains(text), printed));
  }

  private static List<Path> content(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  @Test
  void leavesTheTemporaryFolderAsItWas() throws Exception {
    library();
    Path temporary = Files.createDirectory(folder.resolve("empty"));
    String printed = start(temporary).printed();
    assertLoads(printed);
    assertTrue(printed.contains("folder " + temporary + System.lineSeparator()), printed);
    assertTrue(printed.contains("old " + temporary + " new " + temporary), printed);
    if (!System.getProperty("os.name").startsWith("Windows")) {
      assertEquals(List.of(), content(temporary));
    }
  }

  @Test
  void loadsNothingThatSomebodyElsePutThere() throws Exception {
    Path planted = folder.resolve(library().name());
    Files.writeString(planted, "not a library");
    assertLoads(start(folder).printed());
    assertEquals("not a library", Files.readString(planted));
  }

  @Test
  void aHalfOfTheLibraryIsNotUsed() throws Exception {
    Library library = library();
    byte[] half = Arrays.copyOf(library.content(), library.content().length / 2);
    Files.write(folder.resolve(library.name()), half);
    assertLoads(start(folder).printed());
  }

  @Test
  void manyStartAtOnce() throws Exception {
    library();
    Path temporary = Files.createDirectory(folder.resolve("shared"));
    List<ForkedJvm> processes = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      processes.add(start(temporary));
    }
    for (ForkedJvm process : processes) {
      assertLoads(process.printed());
    }
  }

  @Test
  void aFolderThatCannotBeUsedIsNamedAndNotNeededWithALibraryPath() throws Exception {
    Path missing = folder.resolve("missing");
    String printed = start(missing).printed();
    assertTrue(printed.contains("cannot be unpacked"), printed);
    assertTrue(printed.contains(missing.toString()), printed);
    Library library = library();
    Path installed = Files.createDirectory(folder.resolve("installed"));
    Files.write(installed.resolve(library.name()), library.content());
    assertLoads(start(missing, "-Djava.library.path=" + installed).printed());
    assertLoads(start(installed, "-Djava.library.path=" + installed).printed());
  }
}
