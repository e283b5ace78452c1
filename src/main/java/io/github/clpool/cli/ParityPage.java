package io.github.clpool.cli;

import static io.github.clpool.cli.Html.escape;

import io.github.clpool.parity.Outcome;
import io.github.clpool.parity.ParityReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a comparison found, as a page: operators by devices and implementations. Stateless. */
final class ParityPage {
  static final String FILE = "index.html";

  private ParityPage() {}

  static String text(ParityReport report) throws IOException {
    StringBuilder page = new StringBuilder();
    boolean same = report.mismatches() == 0;
    add(
        page,
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>clpool parity</title>
        <style>
        %s%s</style>
        </head>
        <body>
        <header>
        <h1>clpool parity</h1>
        <p>Random calls of %d operators, each given to every implementation that takes it, beside
        the reference. <span class="verdict %s">%d cases, %d mismatches</span></p>
        <p class="quiet">%d comparisons; %d cases that no implementation of a device takes. Seed %d
        draws the same calls.</p>
        </header>
        """,
        Html.resource("gallery.css"),
        Html.resource("parity.css"),
        report.drawn().size(),
        same ? "same" : "differs",
        report.cases(),
        report.mismatches(),
        report.checks(),
        report.refused(),
        report.seed());
    failures(report, page);
    devices(report).forEach((device, rows) -> table(device, rows, page));
    if (!report.refusals().isEmpty()) {
      page.append("<h2>Refused, for example</h2>\n<ul class=\"quiet\">\n");
      report.refusals().forEach(each -> add(page, "<li>%s</li>\n", escape(each)));
      page.append("</ul>\n");
    }
    if (!report.unused().isEmpty()) {
      String unused = escape(String.join(", ", report.unused()));
      add(page, "<p class=\"quiet\">Took no case: %s.</p>\n", unused);
    }
    return page.append("</body>\n</html>\n").toString();
  }

  private static Map<String, List<ParityReport.Row>> devices(ParityReport report) {
    Map<String, List<ParityReport.Row>> devices = new LinkedHashMap<>();
    for (ParityReport.Row row : report.rows()) {
      devices.computeIfAbsent(row.device(), device -> new ArrayList<>()).add(row);
    }
    return devices;
  }

  private static void failures(ParityReport report, StringBuilder page) {
    if (!report.failures().isEmpty()) {
      page.append("<h2>What differs, made small</h2>\n<div class=\"grid\">\n");
    }
    for (Outcome failure : report.failures()) {
      add(
          page,
          """
          <article>
          <h3><code>%s</code></h3>
          <p class="quiet">by %s: %d of %d elements differ</p>
          <pre>%s</pre>
          <p class="quiet">again:</p>
          <pre>%s</pre>
          </article>
          """,
          escape(failure.subject()),
          escape(failure.producer()),
          failure.mismatches(),
          failure.compared(),
          escape(String.join("\n", failure.differences())),
          escape(failure.command()));
    }
    if (!report.failures().isEmpty()) {
      page.append("</div>\n");
    }
  }

  /** A line for each operator, a column for each implementation. */
  private static void table(String device, List<ParityReport.Row> rows, StringBuilder page) {
    Set<String> implementations = new TreeSet<>();
    Map<String, Map<String, ParityReport.Row>> operators = new TreeMap<>();
    for (ParityReport.Row row : rows) {
      implementations.add(row.implementation());
      operators
          .computeIfAbsent(row.operator(), operator -> new TreeMap<>())
          .put(row.implementation(), row);
    }
    add(page, "<h2>%s</h2>\n", escape(device));
    page.append("<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\">operator</th>");
    implementations.forEach(each -> add(page, "<th scope=\"col\">%s</th>", escape(each)));
    page.append("</tr></thead>\n<tbody>\n");
    operators.forEach(
        (operator, cells) -> {
          add(page, "<tr><th scope=\"row\">%s</th>", escape(operator));
          implementations.forEach(each -> cell(cells.get(each), page));
          page.append("</tr>\n");
        });
    page.append("</tbody>\n</table></div>\n");
  }

  private static void cell(ParityReport.Row row, StringBuilder page) {
    if (row == null) {
      page.append("<td></td>");
    } else if (row.mismatches() == 0) {
      add(page, "<td class=\"same\">%d</td>", row.checks());
    } else {
      add(page, "<td class=\"differs\">%d of %d differ</td>", row.mismatches(), row.checks());
    }
  }

  private static void add(StringBuilder page, String format, Object... values) {
    page.append(String.format(Locale.ROOT, format, values));
  }
}
