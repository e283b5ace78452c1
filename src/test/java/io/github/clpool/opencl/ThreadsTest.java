package io.github.clpool.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.ForkedJvm;
import io.github.clpool.TestDevices;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
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
    String printed =
        ForkedJvm.start(
                VARIABLES.stream().collect(Collectors.toMap(name -> name, name -> "1")),
                ThreadsProgram.class,
                List.of("-Djava.util.concurrent.ForkJoinPool.common.parallelism=6"),
                device)
            .printed();
    if (!device.equals("llvmpipe")) { // which says nothing of its threads
      String threads = "threads " + (device.equals("jvm") ? 7 : 1) + System.lineSeparator();
      assertTrue(printed.contains(threads), printed);
    }
    List<String> digests = ThreadsProgram.digests(device);
    assertEquals(digests, printed.lines().filter(digests::contains).toList(), printed);
  }
}
