package io.github.clpool.cpu;

/** The cells of one region in their order, with their values. Not thread-safe. */
final class RegionCells {
  private int count;
  private int[] cells = {};
  private double[] values = {};

  int count() {
    return count;
  }

  /** The flat index of a cell in its plane. */
  int cell(int i) {
    return cells[i];
  }

  double value(int i) {
    return values[i];
  }

  /** Takes the cells of an output's region. */
  <A> void take(Numbers<A> numbers, A plane, Footprint footprint, int od, int oh, int ow) {
    Reach d = footprint.d();
    Reach h = footprint.h();
    Reach w = footprint.w();
    int most = d.draws(od) * h.draws(oh) * w.draws(ow);
    if (most > cells.length) {
      cells = new int[most];
      values = new double[most];
    }
    count = 0;
    for (int i = d.first()[od]; i < d.end()[od]; i++) {
      for (int j = h.first()[oh]; j < h.end()[oh]; j++) {
        int cell = footprint.source(d.source(od, i), h.source(oh, j), w.source(ow, w.first()[ow]));
        for (int k = w.first()[ow]; k < w.end()[ow]; k++, cell += w.step()) {
          cells[count] = cell;
          values[count++] = numbers.get(plane, cell);
        }
      }
    }
  }
}
