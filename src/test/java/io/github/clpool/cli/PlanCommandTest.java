package io.github.clpool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.clpool.backend.Chooser;
import io.github.clpool.backend.Preference;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Operators;
import io.github.clpool.op.Problem;
import io.github.clpool.opencl.implementations.OpenClImplementations;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.ExampleDevices;
import io.github.clpool.opencl.plan.Launch;
import io.github.clpool.opencl.plan.LaunchPlan;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanCommandTest {
  @TempDir Path folder;

  @Test
  void plansForAGpuThatIsNotThere() {
    String out =
        Cli.ok("plan", "max window=3 stride=2 padding=1", "--shape", "2x3x17x17", "--indices");
    assertTrue(
        out.startsWith(
            """
            max window=3 stride=2 padding=1 FORWARD FLOAT32 NCHW 2x3x17x17 with indices
            output 2x3x9x9
            for generic GPU, implementation\s\
            """),
        out);
    assertTrue(
        out.contains(
            "\nkernel      tile of opencl/tile.cl\nreduction   opencl/reductions/max.clh\n"),
        out);
    assertTrue(out.contains("-DTYPE=FLOAT32"), out);
    assertTrue(out.contains("\narguments   0 x: Buffer[role=INPUT]\n"), out);
    assertTrue(out.contains("\n            2 indices: Buffer[role=INDICES]\n"), out);
  }

  /** Macros decide which parameters a kernel has. */
  @ParameterizedTest
  @CsvSource({
    "max window=3, 2x3x17x17, true, gpu",
    "mix gated window=2, 2x3x16x16, true, gpu",
    "avg adaptive=7, 2x3x17x17, true, gpu",
    "stochastic window=2, 2x3x16x16, true, gpu",
    "soft window=2, 2x3x16x16, true, cpu",
    "max_unpool output=5x5, 1x2x2x2, true, gpu",
    "roi_align output=7, 1x2x20x20, true, gpu",
    "s3_pool grid=4 window=2, 2x3x16x16, false, gpu",
  })
  void everyArgumentHasTheNameOfItsParameter(
      String text, String shape, boolean hasGradient, String device) {
    Operator operator = Operators.parse(text);
    DeviceProfile profile = ExampleDevices.find(device).orElseThrow();
    for (boolean backward : hasGradient ? new boolean[] {false, true} : new boolean[1]) {
      Problem problem =
          Call.subject(
                  operator,
                  Shape.parse(shape),
                  Layout.NCHW,
                  DataType.FLOAT32,
                  backward,
                  operator.hasIndices() && !backward)
              .problem();
      for (Launch launch : plan(problem, profile).launches()) {
        assertEquals(launch.arguments().size(), ParameterNames.of(launch).size(), launch::kernel);
      }
    }
  }

  private static LaunchPlan plan(Problem problem, DeviceProfile device) {
    return new Chooser<>(device, OpenClImplementations.of(problem, device.kind()))
        .choose(problem, Preference.NONE)
        .plan(problem, device);
  }

  @Test
  void plansTheImplementationThatIsAskedFor() {
    String direct = Cli.ok("plan", "max global", "--shape", "1x1x99", "--implementation", "direct");
    assertTrue(direct.contains("for generic GPU, implementation direct"), direct);
    Cli.fails(
        1,
        "implementation 'none'",
        "plan",
        "max global",
        "--shape",
        "1x1x3",
        "--implementation",
        "none");
    Cli.fails(
        1,
        "only OpenCL devices launch kernels",
        "plan",
        "max global",
        "--shape",
        "1x1x3",
        "--device",
        "jvm");
  }

  /** The input holds 0, 1, 2, ... in both planes one after the other. */
  @Test
  void theExportedFilesRunInOclgrind() throws IOException, InterruptedException {
    String out =
        Cli.ok(
            "plan",
            "max window=3 stride=2 padding=1",
            "--shape",
            "1x2x6x6",
            "--indices",
            "--export",
            folder);
    List<Path> sims = files(".sim");
    assertEquals(1, sims.size());
    assertEquals(1, files(".cl").size());
    assertTrue(out.contains("wrote " + sims.get(0)), out);
    String y = simulate(sims.get(0));
    double[] expected = {7, 9, 11, 19, 21, 23, 31, 33, 35, 43, 45, 47, 55, 57, 59, 67, 69, 71};
    for (int i = 0; i < expected.length; i++) {
      assertTrue(y.contains("  y[" + i + "] = " + (int) expected[i] + "\n"), y);
      int cell = (int) expected[i] % 36;
      assertTrue(y.contains("  indices[" + i + "] = " + cell + "\n"), y);
    }
  }

  @Test
  void everyKindOfPlanCanBeExported() throws IOException, InterruptedException {
    String[][] calls = {
      {"avg adaptive=4", "1x2x6x6", "--type", "float16", "--backward"},
      {"max window=2", "1x2x6x6", "--type", "bfloat16", "--backward"},
      {"sum global", "1x1x70x70", "--type", "float64"},
      {"min global", "1x1x300x200", "--type", "bfloat16", "--layout", "nhwc"},
      {"max window=2", "1x2x6x6", "--device", "cpu", "--implementation", "rows"},
      {"soft window=3", "1x2x6x6", "--backward"},
      {"variance global", "1x1x20x20"},
    };
    for (int i = 0; i < calls.length; i++) {
      Path each = folder.resolve("" + i);
      Object[] words = {"plan", calls[i][0], "--shape", calls[i][1], "--export", each};
      Object[] all = Arrays.copyOf(words, words.length + calls[i].length - 2);
      System.arraycopy(calls[i], 2, all, words.length, calls[i].length - 2);
      Cli.ok(all);
    }
    for (Path sim : files(".sim")) {
      assertFalse(simulate(sim).contains(" = 12345\n"), "a result was not written");
    }
  }

  private List<Path> files(String end) throws IOException {
    try (var found = Files.walk(folder)) {
      return found.filter(file -> file.toString().endsWith(end)).sorted().toList();
    }
  }

  private static String simulate(Path sim) throws IOException, InterruptedException {
    boolean there =
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "oclgrind-kernel")));
    assumeTrue(there, "oclgrind-kernel is not installed");
    Process process =
        new ProcessBuilder(
                "oclgrind-kernel",
                "--data-races",
                "--build-options",
                "-cl-opt-disable",
                sim.getFileName().toString())
            .directory(sim.getParent().toFile())
            .redirectErrorStream(true)
            .start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), printed);
    assertTrue(!printed.contains("rror") && !printed.contains("Failed"), printed);
    return printed;
  }
}
