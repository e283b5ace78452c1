package io.github.clpool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Drivers and folders that do not work: a device or the JVM computes, and the selection says why.
 */
class BrokenSetUpTest {
  private static final String RESULTS = "[5.0, 0.0]\n[0.0, 1.0, 0.0, 2.0, 0.0, 0.0, 0.0, 0.0]\n";

  @TempDir Path folder;

  /** Runs {@link JvmPathProgram} in a JVM of its own, checks its numbers; what it printed. */
  private static String run(Map<String, String> environment, String... options)
      throws IOException, InterruptedException {
    String printed =
        ForkedJvm.start(environment, JvmPathProgram.class, List.of(options), "auto").printed();
    assertTrue(printed.contains(RESULTS), printed);
    assertTrue(printed.contains("policy AUTO chose "), printed);
    return printed;
  }

  private Path vendors(String name, String library) throws IOException {
    Path vendors = Files.createDirectories(folder.resolve(name));
    Files.writeString(vendors.resolve("x.icd"), library + "\n");
    return vendors;
  }

  @Test
  void driversThatAreNone() throws Exception {
    Path text = Files.writeString(folder.resolve("text.so"), "not a library");
    List<String> places =
        List.of(
            vendors("garbage", text.toString()) + "/",
            vendors("missing", "/none/libnone.so") + "/",
            vendors("other", "libc.so.6") + "/",
            vendors("bytes", "\u0001\u0002".repeat(5000)) + "/",
            Files.createDirectories(folder.resolve("empty")) + "/",
            text.toString(),
            folder + "/none/");
    for (String place : places) {
      String printed = run(Map.of("OCL_ICD_VENDORS", place));
      assertTrue(printed.contains("chose jvm on "), place + "\n" + printed);
      assertTrue(printed.contains("OpenCL: rejected ("), place + "\n" + printed);
    }
  }

  /** A file where a folder should be cannot be written to, even by root. */
  @Test
  void foldersThatCannotBeWritten() throws Exception {
    String none = Files.writeString(folder.resolve("file"), "no folder") + "/none";
    for (List<String> names :
        List.of(
            List.of("POCL_CACHE_DIR"),
            List.of("HOME", "XDG_CACHE_HOME", "TMPDIR"),
            List.of(
                "HOME", "XDG_CACHE_HOME", "TMPDIR", "POCL_CACHE_DIR", "MESA_SHADER_CACHE_DIR"))) {
      Map<String, String> environment = new HashMap<>();
      names.forEach(name -> environment.put(name, none));
      run(environment);
    }
    assertTemporaryFolderIsNamed(none, "");
    assertTemporaryFolderIsNamed(Path.of(none).getParent().toString(), "");
    run(Map.of(), "-Djava.io.tmpdir=");
    run(Map.of("HOME", "", "XDG_CACHE_HOME", "", "POCL_CACHE_DIR", "", "TMPDIR", ""));
  }

  private static void assertTemporaryFolderIsNamed(String temporary, String why) throws Exception {
    String printed = run(Map.of(), "-Djava.io.tmpdir=" + temporary);
    assertTrue(printed.contains("chose jvm on "), printed);
    assertTrue(printed.contains("java.io.tmpdir"), printed);
    assertTrue(printed.contains(why), printed);
  }

  @Test
  void aTemporaryFolderWithoutRoom() throws Exception {
    try (SmallDisk full = SmallDisk.mount(folder.resolve("full"))) {
      full.fill();
      assertTemporaryFolderIsNamed(full.place().toString(), SmallDisk.FULL);
      Files.delete(full.filler()); // there is room for a part of the library
      assertTemporaryFolderIsNamed(full.place().toString(), SmallDisk.FULL);
    }
  }

  @Test
  void aTemporaryFolderWithoutPrograms() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(folder.resolve("noexec"), "noexec", "size=8m")) {
      assertTemporaryFolderIsNamed(disk.place().toString(), "noexec");
    }
  }

  /** A library of that name, but with none of its functions. */
  @Test
  void aLoaderThatIsSomethingElse() throws Exception {
    Path other = Path.of(System.getProperty("java.home"), "lib", "libverify.so");
    Assumptions.assumeTrue(Files.exists(other), "this Java has no such library on this system");
    Files.copy(other, folder.resolve("libOpenCL.so.1"));
    Files.copy(other, folder.resolve("libOpenCL.so"));
    String printed = run(Map.of("LD_LIBRARY_PATH", folder.toString()));
    assertTrue(printed.contains("chose jvm on "), printed);
    assertTrue(printed.contains("OpenCL: rejected ("), printed);
  }

  @Test
  void devicesThatDriversDoNotKnow() throws Exception {
    run(Map.of("POCL_DEVICES", "none such", "RUSTICL_ENABLE", "none such"));
  }

  /** Those beside it are found as without it. */
  @Test
  void oneDriverOfSeveralIsNone() throws Exception {
    String usual = System.getenv().getOrDefault("OCL_ICD_VENDORS", "/etc/OpenCL/vendors");
    Assumptions.assumeTrue(Files.isDirectory(Path.of(usual)), "drivers have no folder");
    Path vendors = vendors("several", "/none/libnone.so");
    try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of(usual), "*.icd")) {
      for (Path file : files) {
        Files.copy(file, vendors.resolve(file.getFileName()));
      }
    }
    assertEquals(choice(run(Map.of())), choice(run(Map.of("OCL_ICD_VENDORS", vendors + "/"))));
  }

  private static String choice(String printed) {
    return printed.replaceAll("(?s).*policy AUTO chose ([^;]*);.*", "$1");
  }

  @Test
  void aRasteriserIsNotPreferredToAProcessor() throws Exception {
    String printed = run(Map.of("RUSTICL_ENABLE", "llvmpipe"));
    boolean both =
        printed.contains("/ llvmpipe") && printed.contains("Portable Computing Language /");
    boolean bothAreRequired =
        "1".equals(System.getenv("CLPOOL_REQUIRE_OPENCL")) && TestDevices.openCl().equals("pocl");
    Assumptions.assumeTrue(both || bothAreRequired, () -> "not both: " + printed);
    assertTrue(printed.contains("chose opencl on Portable Computing Language /"), printed);
    assertTrue(printed.contains("ranked lower: it rasterises in software"), printed);
  }
}
