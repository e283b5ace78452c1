package io.github.clpool.cli;

import io.github.clpool.files.Replacement;
import io.github.clpool.parity.Case;
import io.github.clpool.tensor.DataType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The page that shows how fast others are, beside clpool. Not thread-safe. */
final class PeerReport {
  private static final String HEAD =
      """
      # Performance

      clpool beside other libraries on the same cores, in one process.
      `%s` measured, and wrote this page.

      - A cell is the other's time divided by clpool's on the OpenCL device: **below 1 the other is faster**.
        `ms` is clpool's own time, `copy` a copy kernel of the same device that reads and writes as many bytes,
        `JVM` clpool's own path without OpenCL.
      - Every library computes the same numbers first and is timed only if they agree: maxima and their indices
        exactly, the rest to %s (FLOAT32), %s (FLOAT16) and %s (BFLOAT16) of a number, or of 1 where it is smaller.
      - Times are medians of %d rounds. In each the libraries take turns: a call that is not timed, then the shortest
        of three; one must do where it takes 0.1 s. Each has %d threads.
      - The others get their best: outputs that are there already where they take such, of libtorch's operators for
        the same the fastest, NHWC as its channels-last, and of oneDNN also its own blocked layout, without the
        reorders into it and out of it. oneDNN gives an index as a tap of its window, which takes fewer bytes.

      | | regions | input |
      |---|---|---|
      %s
      """;

  private final String command;
  private final int rounds;
  private final Map<String, String> machine;
  private final List<String> libraries;
  private final List<PeerRow> rows = new ArrayList<>();

  /**
   * Begins.
   *
   * @param command what measures
   * @param machine what is known of machine and versions
   * @param libraries the columns
   */
  PeerReport(String command, int rounds, Map<String, String> machine, List<String> libraries) {
    this.command = command;
    this.rounds = rounds;
    this.machine = machine;
    this.libraries = libraries;
  }

  void add(PeerRow row) {
    rows.add(row);
  }

  /** Writes the page and its chart into a folder. */
  void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    String chart = new PeerChart(libraries, rows).svg();
    Replacement.write(folder.resolve("performance.svg"), chart.getBytes(StandardCharsets.UTF_8));
    Replacement.write(
        folder.resolve("performance.md"), markdown().getBytes(StandardCharsets.UTF_8));
  }

  private String markdown() {
    StringBuilder text = new StringBuilder();
    text.append(
        HEAD.formatted(
            command,
            PeerComparison.tolerance(DataType.FLOAT32),
            PeerComparison.tolerance(DataType.FLOAT16),
            PeerComparison.tolerance(DataType.BFLOAT16),
            rounds,
            Runtime.getRuntime().availableProcessors(),
            places()));
    text.append('\n');
    machine.forEach((what, value) -> text.append("- %s: %s%n".formatted(what, value)));
    text.append("\n![The tables' FLOAT32 ratios](performance.svg)\n");
    Map<String, List<PeerRow>> tables =
        rows.stream()
            .collect(
                Collectors.groupingBy(
                    row -> row.subject().call().type() + ", " + row.subject().call().layout(),
                    LinkedHashMap::new,
                    Collectors.toList()));
    tables.forEach((title, some) -> text.append(table(title, some)));
    text.append("\n## No number\n\n");
    reasons().forEach((why, where) -> text.append("- %s (%s)%n".formatted(why, where)));
    return text.toString();
  }

  private String places() {
    Map<String, String> places = new LinkedHashMap<>();
    for (PeerRow row : rows) {
      Case call = row.subject().call();
      String regions = call.operator().toString().replaceFirst("^(\\S+)( p=\\S+)? ", "");
      places.putIfAbsent(
          row.subject().shape(),
          "| %s | `%s` | %s |".formatted(row.subject().shape(), regions, call.shape()));
    }
    return String.join("\n", places.values());
  }

  private String table(String title, List<PeerRow> some) {
    List<String> shown =
        Stream.concat(Stream.of(PeerMeter.COPY), libraries.stream())
            .filter(each -> some.stream().anyMatch(row -> row.ratio(each).isPresent()))
            .toList();
    StringBuilder text = new StringBuilder("\n## " + title + "\n\n");
    text.append(line(Stream.concat(Stream.of("", "", "ms"), shown.stream())));
    text.append("|---|---|").append("--:|".repeat(shown.size() + 1)).append('\n');
    for (PeerRow row : some) {
      text.append(
          line(
              Stream.concat(
                  Stream.of(
                      row.subject().operation(),
                      row.subject().shape(),
                      String.format(Locale.ROOT, "%.2f", row.ours() * 1e3)),
                  shown.stream().map(each -> cell(each, row.ratio(each))))));
    }
    return text.toString();
  }

  private static String line(Stream<String> cells) {
    return cells.collect(Collectors.joining(" | ", "| ", " |\n"));
  }

  private static String cell(String library, OptionalDouble ratio) {
    if (ratio.isEmpty()) {
      return "-";
    }
    double number = ratio.getAsDouble();
    String text = String.format(Locale.ROOT, number < 10 ? "%.2f" : "%.0f", number);
    boolean faster = number < 1 && !library.equals(PeerMeter.COPY);
    return faster ? "**" + text + "**" : text;
  }

  /** Reasons, and which cells they are those of. */
  private Map<String, String> reasons() {
    Map<String, List<String>> cells = new TreeMap<>();
    for (PeerRow row : rows) {
      row.lacking()
          .forEach(
              (library, why) ->
                  cells
                      .computeIfAbsent(library + ": " + why, key -> new ArrayList<>())
                      .add(row.subject().toString()));
    }
    Map<String, String> reasons = new LinkedHashMap<>();
    cells.forEach(
        (why, where) ->
            reasons.put(
                why,
                where.size() == 1
                    ? where.get(0)
                    : where.get(0) + " and " + (where.size() - 1) + " more"));
    return reasons;
  }

  /** In how many cells the other is faster, of how many. */
  String end() {
    long all = rows.stream().mapToLong(row -> ratios(row).count()).sum();
    long faster =
        rows.stream().mapToLong(row -> ratios(row).filter(each -> each < 1).count()).sum();
    return faster + " of " + all + " cells below 1";
  }

  private Stream<Double> ratios(PeerRow row) {
    return libraries.stream().flatMap(each -> row.ratio(each).stream().boxed());
  }

  boolean isWrong() {
    return rows.stream().anyMatch(PeerRow::isWrong);
  }
}
