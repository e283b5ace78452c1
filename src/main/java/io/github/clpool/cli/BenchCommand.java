package io.github.clpool.cli;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pooling;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
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
      "ratio is the copy's time by ours: 1 is as fast as a copy. Times are medians of 15"
          + " (of 3 above 0.1 s)."
    },
    footer = {"", "Example:", "  clpool bench --quick --only \"max A\""})
final class BenchCommand implements Callable<Integer> {
  @Option(
      names = "--quick",
      required = true,
      description = "The few figures that matter, in a minute or two. (JMH has more: src/bench.)")
  private boolean quick;

  @Option(
      names = "--only",
      paramLabel = "NAME",
      defaultValue = "",
      description = "Only figures with this text in their name.")
  private String only;

  @Mixin private final DeviceOption device = new DeviceOption();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    String wanted = only.toLowerCase(Locale.ROOT);
    List<Figure> figures =
        Figure.all().stream()
            .filter(figure -> figure.name().toLowerCase(Locale.ROOT).contains(wanted))
            .toList();
    if (figures.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "--only is '"
              + only
              + "', but must be a part of one of "
              + Figure.all().stream().map(Figure::name).toList());
    }
    PrintWriter out = spec.commandLine().getOut();
    try (OpenDevices devices = new OpenDevices()) {
      Pooling pooling = devices.get(device.policy());
      out.println("on " + pooling.selection().device());
      out.println();
      String format = "%-26s %-14s %9s %7s %9s %6s %7s%n";
      out.printf(format, "figure", "implementation", "ms", "GB/s", "copy GB/s", "ratio", "target");
      int reached = 0;
      int targets = 0;
      for (Figure figure : figures) {
        Measurement measured = Measurement.of(figure, pooling, devices.get(DevicePolicy.JVM_ONLY));
        out.printf(format, cells(figure, measured));
        out.flush();
        if (figure.target() > 0) {
          targets++;
          reached += measured.ratio() >= figure.target() ? 1 : 0;
        }
      }
      out.println();
      out.println(reached + " of " + targets + " targets reached");
    }
    return 0;
  }

  private static Object[] cells(Figure figure, Measurement measured) {
    boolean copy = figure.yardstick() == Figure.Yardstick.COPY;
    String target = figure.target() > 0 ? number("%.2f", figure.target()) : "-";
    boolean missed = figure.target() > 0 && measured.ratio() < figure.target();
    return new Object[] {
      figure.name(),
      measured.implementation(),
      number(measured.seconds() < 1e-4 ? "%.5f" : "%.3f", measured.seconds() * 1e3),
      copy ? number("%.1f", measured.bytes() / measured.seconds() * 1e-9) : "-",
      copy ? number("%.1f", measured.bytes() / measured.yardstick() * 1e-9) : "-",
      number("%.2f", measured.ratio()),
      target + (missed ? " !" : "  "),
    };
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
