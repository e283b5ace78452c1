package io.github.clpool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JVM path where there is no OpenCL, in JVMs of the version that runs this test. */
@WithoutDevice
class JvmPathTest {
  @TempDir Path folder;

  /** Runs {@link JvmPathProgram}, checks its numbers, and returns all that it printed. */
  private String run(String policy, Map<String, String> environment, List<String> options)
      throws IOException, InterruptedException {
    String printed = ForkedJvm.start(environment, JvmPathProgram.class, options, policy).printed();
    assertTrue(
        printed.contains("jvm\n[5.0, 0.0]\n[0.0, 1.0, 0.0, 2.0, 0.0, 0.0, 0.0, 0.0]\n"), printed);
    return printed;
  }

  private static List<String> classPath(boolean withJocl) {
    return List.of(
        "-cp",
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> withJocl || !entry.contains("jocl"))
            .collect(Collectors.joining(File.pathSeparator)));
  }

  @Test
  void worksWithoutJoclOnTheClassPath() throws Exception {
    String printed = run("auto", Map.of(), classPath(false));
    assertTrue(printed.contains("OpenCL"), printed);
  }

  @Test
  void worksWithoutALoader() throws Exception {
    // wrong on purpose: the dynamic linker finds this file first and refuses it
    Path broken = Files.writeString(folder.resolve("libOpenCL.so.1"), "not a library");
    Files.copy(broken, folder.resolve("libOpenCL.so"));
    String printed = run("auto", Map.of("LD_LIBRARY_PATH", folder.toString()), classPath(true));
    assertTrue(printed.contains("libOpenCL"), printed);
  }

  @Test
  void worksWithoutAPlatform() throws Exception {
    String printed = run("auto", Map.of("OCL_ICD_VENDORS", folder + "/"), classPath(true));
    assertTrue(printed.contains("platform"), printed);
  }

  @Test
  void loadsNoClassOfJocl() throws Exception {
    Path log = folder.resolve("classes.log");
    List<String> options = new ArrayList<>(classPath(true));
    options.add("-Xlog:class+load:file=" + log);
    run("jvm", Map.of(), options);
    List<String> loaded = Files.readAllLines(log);
    assertTrue(loaded.stream().anyMatch(line -> line.contains("io.github.clpool.cpu.")));
    assertEquals(List.of(), loaded.stream().filter(line -> line.contains("org.jocl")).toList());
  }
}
