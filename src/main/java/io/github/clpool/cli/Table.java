package io.github.clpool.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** A table in plain text. Numbers are right-aligned. Not thread-safe. */
final class Table {
  private static final String NUMBER = "[-+<>]?[\\d.]+( \\S{1,3})?|-";

  private final List<String> titles;
  private final List<List<String>> rows = new ArrayList<>();

  Table(String... titles) {
    this.titles = List.of(titles);
  }

  /** Adds a row with a cell for each title. */
  Table row(Object... cells) {
    List<String> row = new ArrayList<>();
    for (Object cell : cells) {
      row.add(String.valueOf(cell));
    }
    rows.add(row);
    return this;
  }

  void print(PrintWriter out) {
    List<Integer> widths = new ArrayList<>();
    for (int column = 0; column < titles.size(); column++) {
      int at = column;
      int widest = rows.stream().mapToInt(row -> row.get(at).length()).max().orElse(0);
      widths.add(Math.max(widest, titles.get(column).length()));
    }
    out.println(line(titles, widths));
    rows.forEach(row -> out.println(line(row, widths)));
    out.flush();
  }

  private String line(List<String> cells, List<Integer> widths) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < cells.size(); column++) {
      String pad = " ".repeat(widths.get(column) - cells.get(column).length());
      boolean right = isNumeric(column);
      line.append(right ? pad + cells.get(column) : cells.get(column) + pad).append("  ");
    }
    return line.toString().stripTrailing();
  }

  private boolean isNumeric(int column) {
    return !rows.isEmpty() && rows.stream().allMatch(row -> row.get(column).matches(NUMBER));
  }
}
