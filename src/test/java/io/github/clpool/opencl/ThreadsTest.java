package io.github.clpool.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.clpool.TestDevices;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The number of threads, which only another process can change, changes no bit. */
class ThreadsTest {
  /** Where a device learns how many threads it may have. */
  private static final List<String> VARIABLES =
      List.of("POCL_CPU_MAX_CU_COUNT", "POCL_MAX_PTHREAD_COUNT", "LP_NUM_THREADS");

  /** A simulator's log would be begun anew by another process. */
  private static List<String> devices() {
    return TestDevices.isSimulator() ? List.of("jvm") : TestDevices.others();
  }

  @ParameterizedTest
  @MethodSource("devices")
  void fewThreadsGiveTheBitsOfMany(String device) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Djava.util.concurrent.ForkJoinPool.common.parallelism=6",
            "-D" + TestDevices.PROPERTY + "=" + TestDevices.openCl(),
            "-cp",
            System.getProperty("java.class.path"),
            ThreadsProgram.class.getName(),
            device);
    VARIABLES.forEach(name -> builder.environment().put(name, "1"));
    Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    List<String> printed = new String(process.getInputStream().readAllBytes()).lines().toList();
    assertEquals(0, process.waitFor(), printed.toString());
    if (!device.equals("llvmpipe")) { // which says nothing of its threads
      assertEquals(device.equals("jvm") ? "7" : "1", printed.get(0), "threads");
    }
    assertEquals(ThreadsProgram.digests(device), printed.subList(1, printed.size()));
  }
}
