package io.github.clpool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.clpool.Pooling;
import io.github.clpool.TestDevices;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The commands that only tell. */
class DeviceCommandsTest {
  @Test
  void devicesSaysWhatWasChosen() {
    String out = Cli.ok("devices", "--device", "jvm");
    assertTrue(out.startsWith("policy JVM_ONLY chose jvm: Java"), out);
    Cli.fails(1, "no device satisfies policy", "devices", "--device", "no such device");
  }

  @Test
  void devicesTellsWhatTheSelfTestFound() {
    assumeFalse(TestDevices.openCl().isEmpty(), "no OpenCL device in this run");
    String name;
    try (Pooling pooling = TestDevices.open(TestDevices.openCl())) {
      name = pooling.selection().device();
    }
    String out = Cli.ok("devices", "--device", name);
    assertTrue(out.contains(": " + name + "\n  versions "), out);
    for (String what : List.of("kind", "compute units", "fp64", "division", "subnormals", "fma")) {
      assertTrue(out.contains("\n  " + what + " "), out);
    }
  }

  @Test
  void explainNamesTheImplementationThatRuns() {
    String out =
        Cli.ok(
            "explain",
            "avg adaptive=7xKEEP",
            "--shape",
            "2x3x17x19",
            "--backward",
            "--type",
            "float16",
            "--layout",
            "nhwc",
            "--device",
            "reference");
    assertTrue(out.startsWith("avg adaptive=7xKEEP BACKWARD FLOAT16 NHWC 2x3x17x19"), out);
    assertTrue(out.contains("output 2x3x7x19"), out);
    assertEquals(1, out.lines().filter(line -> line.contains("  runs  ")).count(), out);
    Cli.fails(
        1, "avg global selects no cells", "explain", "avg global", "--shape", "1x1x3", "--indices");
  }

  @Test
  void parityComparesRandomCalls() {
    String out = Cli.ok("parity", "--cases", "5", "--seed", "3", "--device", "jvm", "--small");
    assertTrue(out.startsWith("seed 3\n"), out);
    assertTrue(out.endsWith("\n5 cases, 0 mismatches\n"), out);
    Cli.fails(2, "operator is 'mx'", "parity", "--operator", "mx");
    Cli.fails(2, "--cases is 0", "parity", "--cases", "0");
    Cli.fails(2, "--seconds is 0", "parity", "--seconds", "0");
  }

  @Test
  void parityDrawsUntilTheTimeIsOver() {
    String out =
        Cli.ok("parity", "--seconds", "1", "--cases", "2", "--seed", "3", "--device", "jvm");
    assertTrue(out.contains("\nseed 3 done: 2 cases, 0 mismatches\n"), out);
    assertTrue(out.contains("\nseed 4 done: "), out); // two cases take no second
    assertTrue(out.endsWith(" cases, 0 mismatches\n"), out);
  }

  @Test
  void parityRepeatsOneCase() {
    String text = "max window=3 on 1x2x9x9 NHWC FLOAT16 indices data=special seed=7";
    String out = Cli.ok("parity", "--case", text, "--device", "jvm", "--implementation", "direct");
    assertTrue(out.contains("jvm/direct") && out.contains("36 elements, the same bits"), out);
  }

  @Test
  void runRepeatsALoggedCall() {
    String text = "max window=3 on 1x2x9x9 NHWC FLOAT16 backward";
    String out = Cli.ok("run", "--case", text, "--device", "jvm");
    assertTrue(out.matches(text + " data=uniform seed=0 by jvm/\\S+ \\(.*\\): [\\d.]+ ms\n"), out);
    Cli.fails(2, "case is 'max'", "run", "--case", "max");
    Cli.fails(2, "--case stands alone", "run", "max global", "--case", text);
  }

  @Test
  void everythingIsToldAsJson() {
    String devices = Cli.ok("devices", "--device", "jvm", "--json");
    assertTrue(devices.startsWith("{\"policy\": \"JVM_ONLY\", \"backend\": \"jvm\", "), devices);
    String explained =
        Cli.ok("explain", "max global", "--shape", "1x1x2", "--device", "reference", "--json");
    assertTrue(explained.contains("\"output\": \"1x1x1\""), explained);
    assertTrue(explained.contains("\"verdict\": \"runs\""), explained);
    String plan = Cli.ok("plan", "max global", "--shape", "1x1x2", "--json");
    assertTrue(plan.contains("\"launches\": [{\"kernel\": \""), plan);
    assertTrue(plan.contains("\"arguments\": [\"Buffer[role=INPUT]\""), plan);
  }

  @Test
  void benchsHelpNamesItsWorkloads() {
    String help = Cli.ok("bench", "--help");
    for (Workload each : Workload.values()) {
      String shape = each.shape(new Sizes(Sizes.Kind.CPU, 1)).toString();
      assertTrue(
          help.matches("(?s).*  " + each + "  " + each.regions() + " +" + shape + " .*"), help);
    }
    for (Figure.NoTarget each : Figure.NoTarget.values()) {
      assertTrue(help.contains("(" + each.mark() + ")"), help);
    }
  }
}
