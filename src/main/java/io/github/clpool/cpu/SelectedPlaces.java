package io.github.clpool.cpu;

import java.util.Arrays;

/**
 * Finds where the cells lie that some rows of outputs selected. An index that is no cell of its
 * output's region selects nothing. Memory of one thread.
 */
final class SelectedPlaces {
  /** Distances below are divided by a multiplication of ints, of which compilers make vectors. */
  private static final int DISTANCE_BITS = 15;

  /** All outputs of smaller planes are located at once: each place has its tables then. */
  private static final int FEW = 1 << 13;

  /** So many outputs are located at a time, so that they stay in the L1 cache. */
  private static final int CHUNK = 1 << 11;

  final Footprint regions;
  private final Reach d;
  private final Reach h;
  private final Reach w;
  private final int lanes;
  private final int width;
  private final int shift;
  private final int magic;
  private final boolean isPlain;
  private final int rows;
  private final int row;
  private final int[] places;

  // what is the same for each call, an element for each lane of some rows of outputs
  private final int[] lane; // and where its plane begins
  private final int[] firstColumn;
  private final int[] columns;
  private final int[] base; // the first cell of the first row of a region
  private final int[] last; // the last cell of its last row
  private final int[] column;
  private final int[] outside;
  private int knownRow = -1;
  private int knownCount;

  /**
   * Those of some planes.
   *
   * @param planes how many small planes, all of whose outputs are located at once
   * @param lanes the number of elements of a cell
   * @param drawn whether each plane has its own regions: tables of one row are made sooner
   */
  SelectedPlaces(Footprint regions, int planes, int lanes, boolean drawn) {
    this.regions = regions;
    this.lanes = lanes;
    d = regions.d();
    h = regions.h();
    w = regions.w();
    width = w.sources();
    shift = DISTANCE_BITS + 32 - Integer.numberOfLeadingZeros(width - 1);
    magic = (int) (((1L << shift) + width - 1) / width);
    isPlain = isPlain(regions);
    row = w.targets() * lanes;
    int all = planes * d.targets() * h.targets();
    int most = (long) all * row <= FEW ? all : Math.min(all, Math.max(1, CHUNK / row));
    rows = drawn ? 1 : most;
    places = new int[rows * row];
    lane = new int[rows * row];
    firstColumn = new int[rows * row];
    columns = new int[rows * row];
    base = new int[isPlain ? rows * row : 0];
    last = new int[base.length];
    column = new int[base.length];
    outside = new int[base.length];
    for (int i = 0; i < lane.length; i++) {
      int output = i % row / lanes;
      int plane = i / row / (d.targets() * h.targets());
      lane[i] = i % lanes + plane * d.sources() * h.sources() * width;
      firstColumn[i] = w.firstSource(output);
      columns[i] = w.span(output);
    }
  }

  /** Whether regions are rectangles without holes whose first and last cells are close. */
  static boolean isPlain(Footprint regions) {
    Reach h = regions.h();
    boolean dense = h.step() == 1 && regions.w().step() == 1;
    long most = (long) h.longest() * regions.w().sources();
    return dense
        && regions.d().sources() == 1
        && regions.d().targets() == 1
        && most < 1 << DISTANCE_BITS;
  }

  /** How many rows of outputs are located at a time, at most. */
  int rows() {
    return rows;
  }

  /** The number of elements of a row of outputs. */
  int row() {
    return row;
  }

  /** Takes the indices of some rows, and has their places then. */
  int[] places() {
    return places;
  }

  /**
   * Makes places of indices.
   *
   * @param first the first row of outputs
   * @param count how many
   * @param firstCell the cell whose place is 0
   * @param cells how many cells of a plane have places
   * @param none the place of what is no cell
   */
  void locate(int first, int count, int firstCell, int cells, int none) {
    if (!isPlain) {
      for (int r = 0; r < count; r++) {
        locateOneRow(r * row, first + r, firstCell, cells, none);
      }
      return;
    }
    know(first, count);
    int all = count * row;
    findColumns(places, base, firstColumn, width, magic, shift, column, all);
    findOutside(places, base, last, outside, all);
    addOutside(column, columns, outside, all);
    int begin = firstCell * lanes;
    for (int i = 0; i < all; i++) {
      int cell = places[i];
      int mask = (outside[i] | cell - firstCell | firstCell + cells - 1 - cell) >> 31;
      int place = cell * lanes + lane[i] - begin;
      places[i] = place ^ (place ^ none) & mask;
    }
  }

  // Small loops without a branch: the compiler makes vectors of them.

  /** Finds how far behind the first columns of their regions cells are, if they are in one. */
  private static void findColumns(
      int[] cells,
      int[] base,
      int[] firstColumn,
      int width,
      int magic,
      int shift,
      int[] column,
      int count) {
    for (int i = 0; i < count; i++) {
      int distance = cells[i] - base[i];
      column[i] = distance - (distance * magic >>> shift) * width - firstColumn[i];
    }
  }

  /** A number is negative if the cell lies outside the rows of its region. */
  private static void findOutside(int[] cells, int[] base, int[] last, int[] outside, int count) {
    for (int i = 0; i < count; i++) {
      outside[i] = cells[i] | cells[i] - base[i] | last[i] - cells[i];
    }
  }

  /** A number becomes negative if the cell lies outside the columns of its region. */
  private static void addOutside(int[] column, int[] columns, int[] outside, int count) {
    for (int i = 0; i < count; i++) {
      outside[i] = outside[i] | column[i] | columns[i] - column[i];
    }
  }

  private void know(int first, int count) {
    if (knownRow == first && knownCount >= count) {
      return;
    }
    for (int r = 0; r < count; r++) {
      int output = (first + r) % h.targets();
      int begin = h.firstSource(output) * width;
      Arrays.fill(base, r * row, (r + 1) * row, begin);
      Arrays.fill(last, r * row, (r + 1) * row, begin + (h.span(output) + 1) * width - 1);
    }
    knownRow = first;
    knownCount = count;
  }

  private void locateOneRow(int at, int outputRow, int firstCell, int cells, int none) {
    int od = outputRow / h.targets();
    int oh = outputRow % h.targets();
    int height = h.sources();
    double rowsPerCell = 1.0 / width; // half a cell more keeps quotients away from integers
    double slicesPerRow = 1.0 / height;
    int firstRow = h.firstSource(oh);
    int rowSpan = h.span(oh);
    int firstSlice = d.firstSource(od);
    int slices = d.span(od);
    for (int i = at; i < at + row; i++) {
      int cell = places[i];
      int cellRow = (int) ((cell + 0.5) * rowsPerCell);
      int slice = d.sources() == 1 ? 0 : (int) ((cellRow + 0.5) * slicesPerRow);
      boolean inside =
          cell >= firstCell
              && cell - firstCell < cells
              && w.isOn(cell - cellRow * width - firstColumn[i], columns[i])
              && h.isOn(cellRow - slice * height - firstRow, rowSpan)
              && d.isOn(slice - firstSlice, slices);
      places[i] = inside ? (cell - firstCell) * lanes + lane[i] : none;
    }
  }

  /** Whether an output of some rows may have selected one of some neighbouring rows of cells. */
  boolean mayTouch(int first, int count, int firstCellRow, int cellRows) {
    if (!isPlain) {
      return true;
    }
    for (int r = first; r < first + count; r++) {
      int output = r % h.targets();
      int begin = h.firstSource(output);
      if (begin < firstCellRow + cellRows && begin + h.span(output) >= firstCellRow) {
        return true;
      }
    }
    return false;
  }
}
