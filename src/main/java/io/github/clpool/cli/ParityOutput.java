package io.github.clpool.cli;

import static io.github.clpool.cli.JsonOption.object;

import io.github.clpool.Pooling;
import io.github.clpool.files.Replacements;
import io.github.clpool.parity.Outcome;
import io.github.clpool.parity.ParityProgress;
import io.github.clpool.parity.ParityReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a comparison prints and writes. */
final class ParityOutput {
  @Mixin private final JsonOption json = new JsonOption();

  @Option(
      names = "--junit",
      paramLabel = "FILE",
      description = "Write a test report, too, in the XML of JUnit that build servers read.")
  private Path junit;

  @Option(
      names = "--report",
      paramLabel = "FOLDER",
      description = "Write a page, too: " + ParityPage.FILE + " in this folder.")
  private Path folder;

  /** Refuses what cannot be written before anything is computed. */
  void check() throws IOException {
    if (folder != null) {
      Folder.make(folder);
    }
    try (Replacements none = new Replacements()) {
      if (junit != null) {
        none.begin(junit);
      }
    }
  }

  void begin(long seed, List<Pooling> devices, PrintWriter out) {
    if (!json.isAsked()) {
      out.println("seed " + seed);
      devices.forEach(each -> out.println("on " + each.selection().device()));
      out.println();
    }
  }

  /** Prints what one call gave on each device. */
  int print(List<Outcome> outcomes, PrintWriter out) throws IOException {
    ParityReport report = ParityReport.of(outcomes);
    if (json.isAsked()) {
      JsonOption.print(out, object("outcomes", outcomes.stream().map(ParityOutput::json).toList()));
    } else {
      outcomes.forEach(out::println);
    }
    write(report);
    return report.mismatches() == 0 ? 0 : 1;
  }

  int print(ParityReport report, PrintWriter out) throws IOException {
    if (json.isAsked()) {
      JsonOption.print(
          out,
          object(
              "seed", report.seed(),
              "cases", report.cases(),
              "checks", report.checks(),
              "mismatches", report.mismatches(),
              "refused", report.refused(),
              "refusals", report.refusals(),
              "rows", report.rows().stream().map(ParityOutput::json).toList(),
              "failures", report.failures().stream().map(ParityOutput::json).toList(),
              "unused", report.unused()));
    } else {
      words(report, out);
    }
    write(report);
    return report.mismatches() == 0 ? 0 : 1;
  }

  private static Object json(ParityReport.Row row) {
    return object(
        "operator", row.operator(),
        "implementation", row.implementation(),
        "device", row.device(),
        "checks", row.checks(),
        "mismatches", row.mismatches());
  }

  private static Object json(Outcome outcome) {
    return object(
        "case", outcome.subject(),
        "device", outcome.producer().device(),
        "implementation", outcome.producer().implementation(),
        "compared", outcome.compared(),
        "mismatches", outcome.mismatches(),
        "same", outcome.matches(),
        "differences", outcome.differences(),
        "again", outcome.command());
  }

  private static void words(ParityReport report, PrintWriter out) {
    Table table = new Table("operator", "implementation", "device", "checks", "mismatches");
    for (ParityReport.Row row : report.rows()) {
      table.row(row.operator(), row.implementation(), row.device(), row.checks(), row.mismatches());
    }
    table.print(out);
    if (!report.unused().isEmpty()) {
      out.println("took no case: " + String.join(", ", report.unused()));
    }
    if (report.refused() > 0) {
      out.println(
          "refused: " + report.refused() + " cases that no implementation of a device takes");
    }
    for (Outcome failure : report.failures()) {
      out.println();
      out.println(failure);
      out.println("again: " + failure.command());
    }
    out.println();
    out.println(report);
  }

  private void write(ParityReport report) throws IOException {
    try (Replacements files = new Replacements()) {
      if (junit != null) {
        files.write(junit, JunitReport.text(report).getBytes(StandardCharsets.UTF_8));
      }
      if (folder != null) {
        byte[] page = ParityPage.text(report).getBytes(StandardCharsets.UTF_8);
        files.write(folder.resolve(ParityPage.FILE), page);
      }
      files.commit();
    }
  }

  /** Prints at once, so that little is lost when the process is ended. */
  ParityProgress asItGoes(PrintWriter out) {
    return new AsItGoes(out, json.isAsked());
  }

  private record AsItGoes(PrintWriter out, boolean silent) implements ParityProgress {
    @Override
    public void done(long done, long total) {
      // a line for each seed is enough
    }

    @Override
    public void differs(Outcome outcome) {
      print(outcome + "\nagain: " + outcome.command());
    }

    @Override
    public void seedDone(long drawn, ParityReport soFar) {
      print("seed " + drawn + " done: " + soFar);
    }

    private void print(String text) {
      if (!silent) {
        out.println(text);
        out.flush();
      }
    }
  }
}
