package io.github.clpool;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is done again and again takes no more memory, open files and temporary files. */
class SteadyTest {
  /** In KiB: compilers, the JVM's and the drivers', take and leave as much. */
  private static final long MOST_GROWTH = 80 << 10;

  /** Drivers and the JVM open a few files late; each opening that kept one would be more. */
  private static final int MOST_NEW_FILES = 4;

  private static final Pattern HELD = Pattern.compile("(before|after): (\\d+) (\\d+) (\\d+)");

  @TempDir Path folder;

  /** A simulator's log would be begun anew by another process. */
  static List<String> devices() {
    return TestDevices.isSimulator() ? List.of("jvm") : TestDevices.others();
  }

  @ParameterizedTest
  @MethodSource("devices")
  void openingAndClosingKeepsNothing(String device) throws Exception {
    check(device, "open", 8, Nightly.cases(12, 1_000));
  }

  @ParameterizedTest
  @MethodSource("devices")
  void callsKeepNothing(String device) throws Exception {
    check(device, "call", 300, Nightly.cases(400, 50_000));
  }

  private void check(String device, String what, int first, int more) throws Exception {
    Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/status")), "Linux shows what is held");
    List<String> options = List.of("-Xmx64m", "-XX:+UseSerialGC", "-Djava.io.tmpdir=" + folder);
    String[] arguments = {device, what, "" + first, "" + more};
    Map<String, String> environment = Map.of("MALLOC_ARENA_MAX", "1"); // one for all threads
    String printed =
        ForkedJvm.start(environment, SteadyProgram.class, options, arguments).printed();
    Matcher held = HELD.matcher(printed);
    long[][] numbers = new long[2][3];
    for (long[] row : numbers) {
      assertTrue(held.find(), printed);
      for (int i = 0; i < row.length; i++) {
        row[i] = Long.parseLong(held.group(i + 2));
      }
    }
    assertTrue(numbers[1][0] <= numbers[0][0] + MOST_GROWTH, "resident memory grew: " + printed);
    assertTrue(numbers[1][1] <= numbers[0][1] + MOST_NEW_FILES, "open files grew: " + printed);
    assertTrue(numbers[1][2] <= numbers[0][2], "temporary files grew: " + printed);
  }
}
