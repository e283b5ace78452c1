package io.github.clpool.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

  private Process start(Path temporary, String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Djava.io.tmpdir=" + temporary);
    command.add("-XX:ErrorFile=" + folder.resolve("error.log"));
    command.add("-XX:-CreateCoredumpOnCrash");
    command.addAll(Arrays.asList(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(JoclLibraryProgram.class.getName());
    if (Files.isDirectory(temporary)) {
      command.add("files");
    }
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static String printed(Process process) throws IOException, InterruptedException {
    String printed = new String(process.getInputStream().readAllBytes());
    assertEquals(0, process.waitFor(), printed);
    return printed;
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
    String printed = printed(start(temporary));
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
    assertLoads(printed(start(folder)));
    assertEquals("not a library", Files.readString(planted));
  }

  @Test
  void aHalfOfTheLibraryIsNotUsed() throws Exception {
    Library library = library();
    byte[] half = Arrays.copyOf(library.content(), library.content().length / 2);
    Files.write(folder.resolve(library.name()), half);
    assertLoads(printed(start(folder)));
  }

  @Test
  void manyStartAtOnce() throws Exception {
    library();
    Path temporary = Files.createDirectory(folder.resolve("shared"));
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      processes.add(start(temporary));
    }
    for (Process process : processes) {
      assertLoads(printed(process));
    }
  }

  @Test
  void aFolderThatCannotBeUsedIsNamedAndNotNeededWithALibraryPath() throws Exception {
    Path missing = folder.resolve("missing");
    String printed = printed(start(missing));
    assertTrue(printed.contains("cannot be unpacked"), printed);
    assertTrue(printed.contains(missing.toString()), printed);
    Library library = library();
    Path installed = Files.createDirectory(folder.resolve("installed"));
    Files.write(installed.resolve(library.name()), library.content());
    assertLoads(printed(start(missing, "-Djava.library.path=" + installed)));
    assertLoads(printed(start(installed, "-Djava.library.path=" + installed)));
  }
}
