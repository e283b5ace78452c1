package io.github.clpool.opencl;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.ForkedJvm;
import io.github.clpool.Nightly;
import io.github.clpool.TestDevices;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.bytebuddy.agent.ByteBuddyAgent;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * Calls of JOCL that throw, on any system: a failure names the call, an {@link Error} comes out as
 * it is, nothing is lost, and the same calls then give the bits of the reference.
 */
class JoclFaultsTest {
  @Test
  void whatIsThrownComesOutAndLeavesNothing() throws Exception {
    if (TestDevices.openCl().isEmpty()) {
      System.out.println("JoclFaultsTest is skipped: no OpenCL device is named for this run");
      Assumptions.abort();
    }
    Assumptions.assumeTrue(Nightly.is() || !TestDevices.isSimulator(), "a simulator takes minutes");
    Path agent =
        Path.of(ByteBuddyAgent.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    String printed =
        ForkedJvm.start(
                Map.of("OCLGRIND_LOG", ""),
                JoclFaultsProgram.class,
                List.of("-javaagent:" + agent),
                TestDevices.openCl(),
                "" + Nightly.cases(1, 30))
            .printed();
    String end = printed.substring(printed.lastIndexOf('\n', printed.length() - 2) + 1);
    assertTrue(end.matches("[1-9][0-9]* calls failed, 0 went wrong\\R"), printed);
    System.out.print(end);
  }
}
