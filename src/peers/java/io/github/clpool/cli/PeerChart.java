package io.github.clpool.cli;

import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The FLOAT32 ratios as a picture: a line for each case, a dot for each library. */
final class PeerChart {
  private static final int LABEL = 130;
  private static final int PANEL = 330;
  private static final int LINE = 14;
  private static final int HEAD = 60;
  private static final double LEAST = -4; // of the ratio's binary logarithm
  private static final double MOST = 6;
  private static final List<String> COLOURS =
      List.of("#888888", "#d95f02", "#e6ab02", "#7570b3", "#1b9e77");

  private final List<String> libraries;
  private final List<PeerRow> rows;
  private final StringBuilder svg = new StringBuilder();

  PeerChart(List<String> libraries, List<PeerRow> rows) {
    this.libraries = libraries;
    this.rows =
        rows.stream().filter(row -> row.subject().call().type() == DataType.FLOAT32).toList();
  }

  String svg() {
    long lines = Stream.of(Layout.values()).mapToLong(each -> of(each).size()).max().orElse(0);
    long height = HEAD + lines * LINE + LINE;
    long width = Layout.values().length * (LABEL + PANEL);
    for (int i = 0; i < libraries.size(); i++) {
      int x = LABEL + i * 120;
      dot(x, 12, COLOURS.get(i % COLOURS.size()));
      text(x + 8, 16, "start", libraries.get(i));
    }
    for (Layout layout : Layout.values()) {
      panel(layout, layout.ordinal() * (LABEL + PANEL) + LABEL);
    }
    return """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="10">
        <rect width="100%%" height="100%%" fill="#fff"/>
        %s</svg>
        """
        .formatted(width, height, svg);
  }

  private List<PeerRow> of(Layout layout) {
    return rows.stream().filter(row -> row.subject().call().layout() == layout).toList();
  }

  private void panel(Layout layout, int left) {
    List<PeerRow> shown = of(layout);
    int bottom = HEAD + shown.size() * LINE;
    text(left, 34, "start", layout + ": the other's time by clpool's");
    for (int power = (int) LEAST; power <= MOST; power += 2) {
      double x = left + x(Math.pow(2, power));
      svg.append(
          String.format(
              Locale.ROOT,
              "<path d=\"M%.1f %d V%d\" stroke=\"%s\"/>\n",
              x,
              HEAD - 8,
              bottom,
              power == 0 ? "#000" : "#ddd"));
      text(x, HEAD - 12, "middle", power < 0 ? "1/" + (1 << -power) : String.valueOf(1 << power));
    }
    for (int i = 0; i < shown.size(); i++) {
      PeerRow row = shown.get(i);
      double y = HEAD + i * LINE + LINE / 2.0;
      text(left - 6, y + 3, "end", row.subject().operation() + " " + row.subject().shape());
      for (int library = 0; library < libraries.size(); library++) {
        String colour = COLOURS.get(library % COLOURS.size());
        row.ratio(libraries.get(library)).ifPresent(ratio -> dot(left + x(ratio), y, colour));
      }
    }
  }

  private static double x(double ratio) {
    double power = Math.log(ratio) / Math.log(2);
    double clamped = Math.max(LEAST, Math.min(MOST, power));
    return (clamped - LEAST) / (MOST - LEAST) * (PANEL - 20);
  }

  private void dot(double x, double y, String colour) {
    svg.append(
        String.format(
            Locale.ROOT, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\"/>\n", x, y, colour));
  }

  private void text(double x, double y, String anchor, String text) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n",
            x,
            y,
            anchor,
            text));
  }
}
