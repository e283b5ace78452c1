package io.github.clpool;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** JVMs that are given little memory. */
class LittleMemoryTest {
  private static String run(String option, String... arguments) throws Exception {
    List<String> options = List.of("-XX:+UseG1GC", option); // others say another limit
    String printed = ForkedJvm.start(LittleMemoryProgram.class, options, arguments).printed();
    assertTrue(printed.contains("sum 1536000.0"), printed);
    assertTrue(printed.contains("copied true"), printed);
    return printed;
  }

  @Test
  void aTensorThatTheHeapCannotHoldIsADeviceMemoryException() throws Exception {
    String printed = run("-Xmx64m", "jvm", "large");
    assertTrue(printed.contains("asked 4294967296 limit 67108864: JVM"), printed);
    assertTrue(printed.contains("-Xmx"), printed);
    assertTrue(printed.contains("refused: JVM: out of memory in a call (Java heap"), printed);
  }

  static List<String> devices() {
    return TestDevices.isSimulator() ? List.of("jvm") : TestDevices.others();
  }

  @ParameterizedTest
  @MethodSource("devices")
  void littleDirectMemoryIsEnough(String device) throws Exception {
    run("-XX:MaxDirectMemorySize=2m", device);
    run("-XX:MaxDirectMemorySize=64k", device);
  }
}
