package io.github.clpool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.clpool.Pooling;
import io.github.clpool.TestDevices;
import io.github.clpool.op.Operators;
import io.github.clpool.tensor.Handles;
import io.github.clpool.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchCommandTest {
  private static final Sizes CPU = new Sizes(Sizes.Kind.CPU, 1);
  private static final Sizes GPU = new Sizes(Sizes.Kind.GPU, 1);

  @TempDir Path folder;

  @Test
  void measuresWhatIsAskedFor() {
    long live = Handles.live();
    String out = Cli.ok("bench", "--quick", "--only", "CALL", "--device", "jvm");
    assertEquals(live, Handles.live());
    assertTrue(out.startsWith("on Java"), out);
    assertTrue(out.contains("\nmax call, smallest "), out);
    assertTrue(out.contains("\nmax calls, 20 in a row "), out);
    assertTrue(out.contains(" of 2 targets reached"), out);
    Cli.fails(2, "--scale is 0, but must be at least 1", "bench", "--scale", "0");
    Cli.fails(2, "--seconds is 0, but must be at least 1", "bench", "--seconds", "0");
    Cli.fails(1, "only OpenCL devices have a clock", "bench", "--profile", "--device", "jvm");
  }

  @Test
  void saysWhichFiguresThereAre() {
    String list = Cli.ok("bench", "--list", "--only", "max A", "--sizes", "gpu");
    assertTrue(
        list.lines().anyMatch(line -> line.matches("max A  .* 256x64x112x112 +0\\.85")), list);
    assertFalse(list.contains("avg"), list);
    assertTrue(
        Cli.ok("bench", "--list", "--json").startsWith("{\"figures\": [{\"name\": \"max A\", "));
    Cli.fails(
        2,
        "--only is 'zzz', but must be a part of a figure's name (--list prints them all)",
        "bench",
        "--only",
        "zzz");
    Cli.fails(
        2,
        "name, such as 'max A gradient', 'max B gradient', 'max C gradient' (--list prints",
        "bench",
        "--only",
        "gradient max");
  }

  @Test
  void beginsNothingWhenTheTimeIsOver() {
    // Each warms up for longer than a third of it.
    String out =
        Cli.ok("bench", "--only", "max A", "--seconds", "1", "--scale", "99", "--device", "jvm");
    assertTrue(out.contains("\nmax A "), out);
    assertTrue(out.matches("(?s).*0 of 0 targets reached, no time for \\d+ figures\n"), out);
  }

  @Test
  void reportsInThreeForms() throws IOException {
    Path text = folder.resolve("bench.md");
    Path data = folder.resolve("bench.json");
    Path page = folder.resolve("bench.HTML");
    Cli.ok(
        "bench",
        "--only",
        "max A FLOAT64",
        "--scale",
        "64",
        "--device",
        "jvm",
        "--report",
        text,
        "--report",
        data,
        "--report",
        page,
        "--note",
        "driver=</script> \"1\"");
    String markdown = Files.readString(text);
    assertTrue(markdown.contains("\n- driver: </script> \"1\"\n"), markdown);
    assertTrue(markdown.contains("\n| max A FLOAT64 | "), markdown);
    String json = Files.readString(data).strip();
    String fields =
        "\"name\": \"max A FLOAT64\", \"operator\": \"max window=3 stride=2 padding=1\", "
            + "\"shape\": [1,\n32,\n112,\n112], \"layout\": \"NCHW\", \"type\": \"FLOAT64\", "
            + "\"call\": \"forward\", \"onJvm\": false, \"yardstick\": \"copy\", \"target\": 0.0, ";
    assertTrue(json.contains(fields), json);
    assertTrue(json.contains("\"driver\": \"\\u003c/script> \\\"1\\\"\""), json);
    String html = Files.readString(page);
    assertTrue(html.contains("id=\"data\">" + json + "</script>"), html);
    assertFalse(html.matches("(?s).*(src|href)=.*"), "the page needs other files");
    Cli.fails(2, "but must end in .md, .json or .html", "bench", "--report", "bench.txt");
  }

  @Test
  void aReportThatCannotBeWrittenIsKnownBeforeAnythingIsMeasured() {
    Path none = folder.resolve("none/bench.md");
    Cli cli = Cli.run("bench", "--only", "max A", "--device", "jvm", "--report", none);
    assertEquals(1, cli.code());
    assertTrue(cli.err().contains(none.toString()), cli.err());
    assertEquals("", cli.out());
  }

  @Test
  void measuresAsOnGpusByTheDevicesClock() throws IOException {
    assumeFalse(TestDevices.openCl().isEmpty(), "no OpenCL device in this run");
    assumeFalse(TestDevices.isSimulator(), "a simulator is slow");
    String name;
    try (Pooling pooling = TestDevices.open(TestDevices.openCl())) {
      name = pooling.selection().device();
    }
    long live = Handles.live();
    Path data = folder.resolve("bench.json");
    String out =
        Cli.ok(
            "bench",
            "--profile",
            "--sizes",
            "gpu",
            "--scale",
            "512",
            "--only",
            "max 2x2x2",
            "--device",
            name,
            "--report",
            data);
    assertEquals(live, Handles.live());
    assertTrue(out.startsWith("on " + name), out);
    for (String figure : List.of("max 2x2x2 ", "max 2x2x2 gradient ")) {
      assertEquals(1, out.lines().filter(line -> line.matches(figure + " .*")).count(), out);
    }
    String json = Files.readString(data);
    assertTrue(json.contains("by the device's clock"), json);
    assertTrue(json.matches("(?s).*\"copy\": \"\\d+ MiB at [\\d.]+ GB/s by the kernel, .*"), json);
    assertTrue(json.matches("(?s).*\"arrays\": \"\\d+ MiB in at [\\d.]+ GB/s, out at .*"), json);
    assertTrue(json.matches("(?s).*\"ms\": [\\d.E-]*[1-9].*"), json);
  }

  @Test
  void aFigureThatFailsDoesNotStopTheOthers() {
    BenchReport report = new BenchReport(Map.of());
    Figure figure = Figures.all(GPU).get(0);
    report.addFailure(figure, "why");
    assertTrue(report.lastLine().contains("failed: why"), report.lastLine());
    report.add(figure, new Measurement("tile", 1e-3, 2e-3, 4_000_000, 0.9e-3));
    assertTrue(
        report.lastLine().matches("max A +tile +1.000 +2.000 +4.0 +4.4 +0.90 +0.85 +\n"),
        report.lastLine());
    assertEquals("1 of 2 targets reached, 1 figures failed", report.end());
  }

  @Test
  void figuresHaveNamesOfTheirOwn() {
    for (Sizes sizes : List.of(CPU, GPU)) {
      for (List<Figure> figures : List.of(Figures.quick(sizes), Figures.all(sizes))) {
        List<String> names = figures.stream().map(Figure::name).toList();
        assertEquals(names.size(), new HashSet<>(names).size());
      }
    }
  }

  @Test
  void everyOperatorHasFiguresBothWays() {
    Map<String, List<Figures.Call>> calls =
        Figures.all(GPU).stream()
            .collect(
                Collectors.groupingBy(
                    figure -> figure.subject().operator().name(),
                    TreeMap::new,
                    Collectors.mapping(
                        figure -> Figures.Call.of(figure.subject()), Collectors.toList())));
    for (String name : Operators.names()) {
      List<Figures.Call> found = calls.getOrDefault(name, List.of());
      assertTrue(found.contains(Figures.Call.FORWARD), name);
      assertTrue(found.contains(Figures.Call.GRADIENT), name);
    }
  }

  @Test
  void gpusGetLargeBatchesUnlessScaled() {
    Shape onCpu = Workload.A.shape(CPU);
    assertEquals(Shape.of(32, 64, 112, 112), onCpu);
    assertEquals(Shape.of(256, 64, 112, 112), Workload.A.shape(GPU));
    assertEquals(Shape.of(512, 2048, 7, 7), Workload.F.shape(GPU));
    Sizes small = new Sizes(Sizes.Kind.GPU, 1024);
    assertEquals(Shape.of(1, 16, 112, 112), Workload.A.shape(small));
    assertEquals(Shape.of(1, 1024, 7, 7), Workload.F.shape(small));
  }
}
