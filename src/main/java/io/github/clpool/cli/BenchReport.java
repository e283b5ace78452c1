package io.github.clpool.cli;

import io.github.clpool.files.Replacement;
import io.github.clpool.parity.Case;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a benchmark found, as Markdown, as JSON, and as one page that needs nothing else. Not
 * thread-safe.
 */
final class BenchReport {
  /** Where the page keeps its data, which others may replace. */
  private static final String DATA = "/* data */";

  /** How a report is written, by the end of its file's name. */
  enum Format {
    MD,
    JSON,
    HTML;

    static Optional<Format> of(Path file) {
      String name = file.toString().toLowerCase(Locale.ROOT);
      return Arrays.stream(values())
          .filter(format -> name.endsWith("." + format.name().toLowerCase(Locale.ROOT)))
          .findFirst();
    }
  }

  /** A figure, and what was measured or why nothing was. */
  private record Row(Figure figure, Optional<Measurement> measured, String failure) {}

  private static final List<String> TITLES =
      List.of("figure", "implementation", "ms", "wall ms", "GB/s", "copy GB/s", "ratio", "target");

  private static final String FORMAT = "%-35s %-14s %9s %9s %7s %9s %6s %7s%n";

  private final Map<String, String> machine;
  private final List<Row> rows = new ArrayList<>();
  private final List<String> leftOut = new ArrayList<>();

  /** Begins with what is known of machine and versions. */
  BenchReport(Map<String, String> machine) {
    this.machine = new LinkedHashMap<>(machine);
  }

  void add(Figure figure, Measurement measured) {
    rows.add(new Row(figure, Optional.of(measured), ""));
  }

  void addFailure(Figure figure, String why) {
    rows.add(new Row(figure, Optional.empty(), why));
  }

  /** A figure that there was no time for. */
  void addLeftOut(Figure figure) {
    leftOut.add(figure.name());
  }

  long failures() {
    return rows.stream().filter(row -> row.measured().isEmpty()).count();
  }

  /** The last words. */
  String end() {
    return targets()
        + (failures() == 0 ? "" : ", " + failures() + " figures failed")
        + (leftOut.isEmpty() ? "" : ", no time for " + leftOut.size() + " figures");
  }

  /** How many targets were reached, of how many. */
  private String targets() {
    List<Row> wanted = rows.stream().filter(row -> row.figure().target() > 0).toList();
    return wanted.stream().filter(row -> !missed(row)).count()
        + " of "
        + wanted.size()
        + " targets reached";
  }

  private static boolean missed(Row row) {
    return row.measured().map(Measurement::ratio).orElse(0.0) < row.figure().target();
  }

  void write(Path file) throws IOException {
    String text =
        switch (Format.of(file).orElseThrow()) {
          case MD -> markdown();
          case JSON -> json() + "\n";
          case HTML -> page();
        };
    Replacement.write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /** The line of a figure: its columns for a reader. */
  private static List<String> cells(Row row) {
    Figure figure = row.figure();
    List<String> cells = new ArrayList<>();
    cells.add(figure.name());
    cells.add(row.measured().map(Measurement::implementation).orElse("failed: " + row.failure()));
    cells.addAll(numbers(row));
    cells.add(figure.goal() + (figure.target() > 0 && missed(row) ? " !" : "  "));
    return cells;
  }

  private static List<String> numbers(Row row) {
    if (row.measured().isEmpty()) {
      return List.of("-", "-", "-", "-", "-");
    }
    Measurement measured = row.measured().get();
    boolean copy = row.figure().yardstick() == Figure.Yardstick.COPY;
    return List.of(
        milliseconds(measured.seconds()),
        milliseconds(measured.wall()),
        copy ? number("%.1f", measured.speed() * 1e-9) : "-",
        copy ? number("%.1f", measured.yardstickSpeed() * 1e-9) : "-",
        number("%.2f", measured.ratio()));
  }

  private static String milliseconds(double seconds) {
    return number(seconds < 1e-4 ? "%.5f" : "%.3f", seconds * 1e3);
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  static String titles() {
    return String.format(FORMAT, TITLES.toArray());
  }

  /** The last figure's line of a table in plain text. */
  String lastLine() {
    return String.format(FORMAT, cells(rows.get(rows.size() - 1)).toArray());
  }

  private String markdown() {
    StringBuilder text = new StringBuilder("# clpool's speed\n\n");
    machine.forEach((what, value) -> text.append("- %s: %s%n".formatted(what, value)));
    text.append(
        """

        ms is the median of a call, ratio the time of a copy of as many bytes by it, unless the
        name says what else it is compared with. ! marks a target that is missed; -a has none since
        its arithmetic is the limit, not memory, -w since it is only watched.

        """);
    text.append(line(TITLES)).append("|---|---|").append("--:|".repeat(TITLES.size() - 2));
    text.append('\n');
    rows.forEach(row -> text.append(line(cells(row))));
    text.append('\n').append(targets()).append('\n');
    if (!leftOut.isEmpty()) {
      text.append("\nThe time was up before: %s.%n".formatted(String.join(", ", leftOut)));
    }
    return text.toString();
  }

  private static String line(List<String> cells) {
    return cells.stream()
        .map(cell -> cell.strip().replace("|", "\\|"))
        .collect(Collectors.joining(" | ", "| ", " |\n"));
  }

  String json() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("machine", machine);
    all.put("figures", rows.stream().map(BenchReport::fields).toList());
    all.put("leftOut", leftOut);
    return Json.text(all);
  }

  private static Map<String, Object> fields(Row row) {
    Case subject = row.figure().subject();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", row.figure().name());
    fields.put("operator", subject.operator());
    fields.put("shape", Arrays.stream(subject.shape().sizes()).boxed().toList());
    fields.put("layout", subject.layout());
    fields.put("type", subject.type());
    fields.put("call", lower(Figures.Call.of(subject)));
    fields.put("onJvm", row.figure().onJvm());
    fields.put("yardstick", lower(row.figure().yardstick()));
    fields.put("target", row.figure().target());
    row.figure().noTarget().ifPresent(why -> fields.put("noTarget", lower(why)));
    row.measured()
        .ifPresentOrElse(
            measured -> {
              fields.put("implementation", measured.implementation());
              fields.put("ms", measured.seconds() * 1e3);
              fields.put("wallMs", measured.wall() * 1e3);
              fields.put("bytes", measured.bytes());
              fields.put("yardstickMs", measured.yardstick() * 1e3);
              fields.put("ratio", measured.ratio());
            },
            () -> fields.put("failure", row.failure()));
    return fields;
  }

  private static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }

  private String page() throws IOException {
    return Html.resource("bench.html").replace(DATA, json());
  }
}
