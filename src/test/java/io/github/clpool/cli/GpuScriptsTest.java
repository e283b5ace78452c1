package io.github.clpool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.clpool.WithoutDevice;
import io.github.clpool.op.Operators;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What measures on a GPU, as far as that goes without one. */
@WithoutDevice
class GpuScriptsTest {
  @TempDir Path folder;

  /** What a program printed; a test is skipped where the program is missing. */
  private static String run(int code, String... command) throws IOException, InterruptedException {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException missing) {
      assumeTrue(false, command[0] + " is not here: " + missing.getMessage());
      throw missing;
    }
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(code, process.waitFor(), out);
    return out;
  }

  @Test
  void torchsTimesAreMergedIntoEveryFormOfAReport() throws Exception {
    BenchReport report = new BenchReport(Map.of("device", "<card>"));
    List<Figure> figures = Figures.all(new Sizes(Sizes.Kind.GPU, 1));
    report.add(figures.get(0), new Measurement("tile", 2e-3, 3e-3, 4_000_000, 1.8e-3));
    report.add(figures.get(1), new Measurement("tile", 1e-3, 1e-3, 4_000_000, 0.5e-3));
    report.addFailure(figures.get(2), "why | not");
    report.add(figures.get(3), new Measurement("direct", 1e-3, 1e-3, 4_000_000, 0.5e-3));
    for (BenchReport.Format format : BenchReport.Format.values()) {
      report.write(file(format));
    }
    Path times = folder.resolve("torch.json");
    Files.writeString(
        times,
        "{\"PyTorch\": \"9.9 </script>\", \"ms\": {\"max A\": 5.0, \"max B\": 0.5, \"max C\": 7, \"x\": 1}}");
    Path json = file(BenchReport.Format.JSON);
    for (int i = 0; i < 2; i++) { // what is there already is not there twice
      String out =
          run(0, "python3", "ci/gpu-torch.py", json.toString(), "--times", times.toString());
      assertEquals("PyTorch takes at least as long in 1 of 2 figures\n", out);
    }
    String data = Files.readString(json).strip();
    assertTrue(data.contains("\"torchMs\": 5.0"), data);
    assertTrue(data.contains("\"PyTorch\": \"9.9 \\u003c/script>\""), data);
    assertEquals(3, data.split("torchMs").length, data);
    String page = Files.readString(file(BenchReport.Format.HTML));
    assertTrue(page.contains("id=\"data\">" + data + "</script>"), page);
    List<String> table =
        Files.readString(file(BenchReport.Format.MD))
            .lines()
            .filter(line -> line.startsWith("|"))
            .toList();
    assertEquals(6, table.size(), table::toString);
    assertTrue(table.get(0).endsWith("| target | torch ms | torch : clpool |"), table.get(0));
    assertTrue(table.get(2).matches("\\| max A .*\\| 0.90 \\| 0.85 \\| 5.0000 \\| 2.50 \\|"));
    assertTrue(table.get(3).matches("\\| max B .*\\| 0.50 \\| 0.85 ! \\| 0.5000 \\| 0.50 \\|"));
    assertTrue(table.get(4).matches("\\| max C .*why \\\\\\| not.*\\| 7.0000 \\| - \\|"));
    assertTrue(table.get(5).matches("\\| max D .*\\| - \\| - \\|"), table.get(5));
    for (String line : table) {
      int cells = line.replace("\\|", "").split("\\|", -1).length;
      assertEquals(12, cells, line);
    }
  }

  private Path file(BenchReport.Format format) {
    return folder.resolve("report." + format.name().toLowerCase(java.util.Locale.ROOT));
  }

  @Test
  void shellsReadTheScripts() throws Exception {
    for (String script : List.of("gpu", "gpu-bundle")) {
      run(0, "bash", "-n", "ci/" + script);
    }
    String help = run(0, "bash", "ci/gpu", "--help");
    assertTrue(help.contains("--device NAME") && !help.contains("#!"), help);
    String wrong = run(2, "bash", "ci/gpu", "--seconds", "soon");
    assertEquals("gpu: --seconds is 'soon' (--help says more)\n", wrong);
  }

  /** A bundle whose Java finds a GPU, and whose results and benchmark are wrong. */
  private static final String FAKE_JAVA =
      """
      #!/usr/bin/env bash
      case "$*" in
        *--version) echo "clpool 0" ;;
        *" devices "*) printf '%s\\n' "policy OPENCL chose opencl: V / Card" '' "device 0: V / Other" \
          "  kind           cpu" "device 1: V / Card" "  kind           gpu" ;;
        *" parity --operator max --device V / Card "*)
          printf '%s\\n' "again: clpool parity --case x" "5 cases, 2 mismatches"
          exit 1
          ;;
        *" parity --operator min "*) echo "a crash"; exit 134 ;;
        *" parity "*) echo "3 cases, 0 mismatches" ;;
        *" bench "*) echo "notes: $*"; exit 3 ;;
      esac
      """;

  @Test
  void aPhaseThatFailsStopsNoOther() throws Exception {
    Path bundle = folder.resolve("bundle");
    Path libraries = Files.createDirectories(folder.resolve("libraries"));
    Path none = Files.createDirectories(folder.resolve("none"));
    Path out = folder.resolve("out");
    Files.createDirectories(bundle.resolve("java/bin"));
    Files.copy(Path.of("ci/gpu"), bundle.resolve("run"));
    Files.writeString(bundle.resolve("clpool-cli.jar"), "");
    Files.writeString(bundle.resolve("commit"), "abc\n");
    Path java = bundle.resolve("java/bin/java");
    Files.writeString(java, FAKE_JAVA);
    assertTrue(java.toFile().setExecutable(true));
    Path driver = libraries.resolve("libnvidia-opencl.so.1");
    Files.write(driver, new byte[] {0x7f, 'E', 'L', 'F', 2});
    String said =
        run(
            1,
            "env",
            "LD_LIBRARY_PATH=" + libraries,
            "OCL_ICD_VENDORS=" + none,
            "PYTHON=" + none.resolve("python"),
            "bash",
            bundle.resolve("run").toString(),
            "--out",
            out.toString(),
            "--operators",
            "max,min,avg");
    for (String line :
        List.of(
            "vendor's OpenCL library: " + driver.toRealPath() + ", named by an ICD file: no",
            "max          5 cases, 2 mismatches",
            "  again: clpool parity --case x",
            "min          ended with status 134: a crash",
            "avg          3 cases, 0 mismatches",
            "all: 8 cases, 2 mismatches, 1 of 3 families did not end",
            "bench ended with status 3",
            "there are no figures to time")) {
      assertTrue(said.contains("\n" + line + "\n"), line + " is not in " + said);
    }
    assertTrue(said.contains(" --device V / Card --seconds "), said); // as a GPU, so no --sizes
    assertTrue(said.contains(" --note commit=abc "), said);
    assertTrue(Files.readString(out.resolve("summary.txt")).contains("== end"), said);
  }

  @Test
  void everyOperatorIsCompared() throws IOException {
    Matcher list =
        Pattern.compile("(?m)^operators\\+?=,?(.*)$").matcher(Files.readString(Path.of("ci/gpu")));
    TreeSet<String> compared = new TreeSet<>();
    while (list.find()) {
      compared.addAll(List.of(list.group(1).split(",")));
    }
    assertTrue(compared.containsAll(Operators.names()), () -> "of ci/gpu: " + compared);
    compared.removeAll(Operators.names());
    assertTrue(Operators.regions().containsAll(compared), () -> "no operators: " + compared);
  }
}
