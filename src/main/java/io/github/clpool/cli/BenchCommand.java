package io.github.clpool.cli;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pooling;
import io.github.clpool.backend.Device;
import io.github.clpool.opencl.runtime.OpenClBackend;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.ToLongFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures speeds beside a copy's. */
@Command(
    name = "bench",
    description = {
      "Measure speeds beside a copy kernel's that moves as many bytes, timed right after.",
      "ratio is the copy's time by ours: 1 is as fast as a copy. Times are medians.",
      "On a GPU batches are large, calls follow each other, and their inputs rotate through more"
          + " memory than its caches have."
    },
    footer = {
      "",
      "A to F are inputs and regions of well-known networks:",
      "  A  window=3 stride=2 padding=1   32x64x112x112  the stem of a ResNet",
      "  B  window=2                      8x64x224x224   VGG",
      "  C  window=3 stride=1 padding=1   32x192x35x35   Inception",
      "  D  window=5 stride=1 padding=2   8x512x20x20    a detector's spatial pyramid",
      "  E  window=13 stride=1 padding=6  8x512x13x13    the same, widest",
      "  F  global                        64x2048x7x7    before a classifier",
      "On a GPU their batches are larger; the other names say what they are.",
      "",
      "The target is the least ratio that is good. A ! marks one that is missed. There is none where"
          + " arithmetic is the limit, not memory (-a), or where a figure is only watched (-w).",
      "",
      "In a name 'beside 3x3' compares with windows of 3x3, in place of a copy; gradients of regions"
          + " of interest are compared with their forward call, graphs with the reference, and the"
          + " smallest calls with the same kernel by bare OpenCL calls.",
      "",
      "Example:",
      "  clpool bench --quick --only \"max A\""
    })
final class BenchCommand implements Callable<Integer> {
  private static final long COPIED = 1L << 30; // bytes, half of them read
  private static final long TRANSFERRED = 256L << 20; // bytes, one way
  private static final int NEAR = 3; // names in an error's text

  @Option(
      names = "--quick",
      description = "The few figures that matter, in a minute or two. (JMH has more: src/bench.)")
  private boolean quick;

  @Option(
      names = "--only",
      paramLabel = "NAME",
      defaultValue = "",
      description = "Only figures with this text in their name.")
  private String only;

  @Option(
      names = "--list",
      description =
          "List the figures and their targets, on CPUs or as --sizes says; measure nothing.")
  private boolean list;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "Begin no figure after so many seconds.")
  private Integer seconds;

  @Option(
      names = "--profile",
      description =
          "Take the times of kernels by the device's own clock. The wall's is of calls that follow"
              + " each other all the same.")
  private boolean profile;

  @Option(
      names = "--sizes",
      paramLabel = "KIND",
      description =
          "Measure as on a CPU or a GPU: ${COMPLETION-CANDIDATES}. Default: what the device is.")
  private Sizes.Kind kind;

  @Option(
      names = "--scale",
      paramLabel = "N",
      defaultValue = "1",
      description = "So many times fewer planes, to try it out. Default: ${DEFAULT-VALUE}.")
  private int scale;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description =
          "Write a report, too: Markdown, JSON or a page (.md, .json, .html); repeatable.")
  private List<Path> reports = new ArrayList<>();

  @Option(
      names = "--note",
      paramLabel = "WHAT=TEXT",
      description = "A line for the report's head, such as a driver's version; repeatable.")
  private Map<String, String> notes = new LinkedHashMap<>();

  @Mixin private final DeviceOption device = new DeviceOption();
  @Mixin private final JsonOption json = new JsonOption();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    require(scale >= 1, "--scale is %d, but must be at least 1", scale);
    require(seconds == null || seconds >= 1, "--seconds is %d, but must be at least 1", seconds);
    for (Path file : reports) {
      require(
          BenchReport.Format.of(file).isPresent(),
          "--report is '%s', but must end in .md, .json or .html",
          file);
    }
    Sizes.Kind listed = kind == null ? Sizes.Kind.CPU : kind;
    List<Figure> known = figures(new Sizes(listed, scale)); // before devices are opened
    if (list) {
      list(known);
      return 0;
    }
    try (OpenDevices devices = new OpenDevices()) {
      Pooling pooling = devices.get(device.policy());
      Pooling jvm = devices.get(DevicePolicy.JVM_ONLY);
      if (!profile) {
        return measure(pooling, jvm, Optional.empty());
      }
      OpenClBackend backend = MachineFacts.openCl(pooling).openWithTimes();
      try (Pooling timed = Pooling.over(backend)) {
        return measure(timed, jvm, Optional.of(backend));
      }
    }
  }

  private int measure(Pooling pooling, Pooling jvm, Optional<OpenClBackend> timed)
      throws IOException {
    long start = System.nanoTime();
    PrintWriter stdout = spec.commandLine().getOut();
    PrintWriter out = json.isAsked() ? new PrintWriter(Writer.nullWriter()) : stdout;
    boolean gpu = pooling.device().kind() == Device.Kind.GPU;
    Sizes.Kind usual = gpu ? Sizes.Kind.GPU : Sizes.Kind.CPU;
    Sizes sizes = new Sizes(kind == null ? usual : kind, scale);
    Meter meter = new Meter(pooling, jvm, sizes, timed);
    Map<String, String> machine = MachineFacts.of(pooling);
    machine.put("sizes", sizes + (profile ? "; ms by the device's clock" : "; ms by the wall"));
    if (!quick && PlainCopy.isOnDevice(pooling)) {
      machine.put("copy", copy(meter));
      machine.put("arrays", arrays(meter));
    }
    machine.putAll(notes);
    BenchReport report = new BenchReport(machine);
    write(report); // a file that cannot be written is known now
    out.println("on " + pooling.selection().device());
    out.println();
    out.print(BenchReport.titles());
    for (Figure figure : figures(sizes)) {
      if (seconds != null && (System.nanoTime() - start) * 1e-9 > seconds) {
        report.addLeftOut(figure);
        continue;
      }
      try {
        report.add(figure, meter.measure(figure));
      } catch (RuntimeException | OutOfMemoryError failed) { // the others may work
        report.addFailure(figure, Main.oneLine(failed));
      }
      out.print(report.lastLine());
      out.flush();
      write(report);
    }
    out.println();
    out.println(report.end());
    if (json.isAsked()) {
      stdout.println(report.json());
    }
    write(report);
    return report.failures() == 0 ? 0 : 1;
  }

  /** What the device's memory gives, by the yardstick and by the driver's own copy. */
  private String copy(Meter meter) {
    try {
      Measurement measured = meter.copy(COPIED / scale);
      return String.format(
          Locale.ROOT,
          "%d MiB at %.1f GB/s by the kernel, %.1f GB/s by the driver",
          measured.bytes() >> 20,
          measured.speed() * 1e-9,
          measured.yardstickSpeed() * 1e-9);
    } catch (RuntimeException failed) {
      return "failed: " + Main.oneLine(failed);
    }
  }

  /** How arrays come into the device and out, beside pinned memory. */
  private String arrays(Meter meter) {
    try {
      Measurement in = meter.arrayIn(TRANSFERRED / scale);
      Measurement out = meter.arrayOut(TRANSFERRED / scale);
      return String.format(
          Locale.ROOT,
          "%d MiB in at %.1f GB/s, out at %.1f GB/s; from pinned memory %.1f and %.1f GB/s",
          in.bytes() >> 20,
          in.speed() * 1e-9,
          out.speed() * 1e-9,
          in.yardstickSpeed() * 1e-9,
          out.yardstickSpeed() * 1e-9);
    } catch (RuntimeException failed) {
      return "failed: " + Main.oneLine(failed);
    }
  }

  private void write(BenchReport report) throws IOException {
    for (Path file : reports) {
      report.write(file);
    }
  }

  private List<Figure> figures(Sizes sizes) {
    List<Figure> all = quick ? Figures.quick(sizes) : Figures.all(sizes);
    String wanted = only.toLowerCase(Locale.ROOT);
    List<Figure> figures =
        all.stream()
            .filter(figure -> figure.name().toLowerCase(Locale.ROOT).contains(wanted))
            .toList();
    require(
        !figures.isEmpty(),
        "--only is '%s', but must be a part of a figure's name%s (--list prints them all)",
        only,
        near(wanted, all));
    return figures;
  }

  /** Some names that hold the most of the words, whose order or neighbours may be wrong. */
  private static String near(String wanted, List<Figure> all) {
    List<String> words = List.of(wanted.strip().split("\\s+"));
    ToLongFunction<String> held =
        name -> words.stream().filter(name.toLowerCase(Locale.ROOT)::contains).count();
    List<String> names =
        all.stream()
            .map(Figure::name)
            .filter(name -> held.applyAsLong(name) > 0)
            .sorted(Comparator.comparingLong(held).reversed())
            .limit(NEAR)
            .toList();
    return names.isEmpty() ? "" : ", such as '" + String.join("', '", names) + "'";
  }

  private void list(List<Figure> figures) {
    PrintWriter out = spec.commandLine().getOut();
    if (json.isAsked()) {
      List<Object> rows = figures.stream().map(BenchCommand::row).toList();
      JsonOption.print(out, JsonOption.object("figures", rows));
      return;
    }
    Table table = new Table("figure", "call", "target");
    figures.forEach(each -> table.row(each.name(), each.subject().problem(), each.goal()));
    table.print(out);
  }

  private static Object row(Figure figure) {
    return JsonOption.object(
        "name", figure.name(), "call", figure.subject().problem(), "target", figure.target());
  }

  private void require(boolean holds, String format, Object... values) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), String.format(Locale.ROOT, format, values));
    }
  }
}
