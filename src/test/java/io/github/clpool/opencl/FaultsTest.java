package io.github.clpool.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.ForkedJvm;
import io.github.clpool.Nightly;
import io.github.clpool.TestDevices;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * OpenCL calls that fail, made by a library that is preloaded: each failure is an exception that
 * names the call, the error and the device; nothing is lost, and the same calls then give the bits
 * of the reference.
 */
class FaultsTest {
  private static final Path SOURCE = Path.of("src", "test", "c", "opencl_faults.c");

  @TempDir Path folder;

  private Path library() throws IOException, InterruptedException {
    Path library = folder.resolve("libopencl_faults.so");
    Process compiler;
    try {
      compiler =
          new ProcessBuilder(
                  List.of("cc", "-O2", "-fPIC", "-shared", "-o", library.toString(), "" + SOURCE))
              .redirectErrorStream(true)
              .start();
    } catch (IOException missing) {
      skip("no C compiler: " + missing.getMessage());
      throw missing;
    }
    String printed = new String(compiler.getInputStream().readAllBytes());
    assertEquals(0, compiler.waitFor(), printed);
    return library;
  }

  private static void skip(String reason) {
    System.out.println("FaultsTest is skipped: " + reason);
    Assumptions.abort(reason);
  }

  @Test
  void everyFailureIsClearAndLeavesNothing() throws Exception {
    if (!System.getProperty("os.name").equals("Linux")) {
      skip("libraries are preloaded on Linux only");
    }
    if (TestDevices.openCl().isEmpty()) {
      skip("no OpenCL device is named for this run");
    }
    String library = library().toString();
    String others = System.getenv().getOrDefault("LD_PRELOAD", "");
    int usual = TestDevices.isSimulator() ? 0 : 1; // all would take a simulator many minutes
    String printed =
        ForkedJvm.start(
                Map.of("LD_PRELOAD", (others + " " + library).strip(), "OCLGRIND_LOG", ""),
                FaultsProgram.class,
                List.of("-Djava.io.tmpdir=" + folder), // not where another JVM unpacks libraries
                TestDevices.openCl(),
                library,
                "" + Nightly.cases(usual, 30))
            .printed();
    assertTrue(printed.contains("failed calls: {clBuildProgram="), printed);
    assertFalse(printed.contains("Oclgrind - "), printed); // what it reports
    System.out.println(printed.substring(printed.indexOf("failed calls: ")));
  }
}
