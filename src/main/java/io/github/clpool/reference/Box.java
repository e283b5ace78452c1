package io.github.clpool.reference;

import io.github.clpool.exact.Precision;
import io.github.clpool.exact.Sums;
import io.github.clpool.op.AxisRegions;
import io.github.clpool.op.Geometry;
import java.util.function.IntConsumer;
import java.util.function.IntToDoubleFunction;

/**
 * A box of positions: the cells of an output's region, or the outputs that cover a cell. Positions
 * are flat indices of the plane that they lie in.
 *
 * @param d the positions along the depth
 * @param h the positions along the height
 * @param w the positions along the width
 * @param height the height of the plane
 * @param width its width
 * @param precision what sums are computed in
 */
record Box(Line d, Line h, Line w, int height, int width, Precision precision) implements Region {
  /**
   * An arithmetic progression of positions, some at its ends outside the plane.
   *
   * @param origin position 0
   * @param step the distance
   * @param first the first that is inside
   * @param end one after the last that is inside
   * @param terms how many there are, for the order of summation
   */
  record Line(int origin, int step, int first, int end, int terms) {
    static Line taps(AxisRegions axis, int output) {
      return new Line(
          axis.origin(output),
          axis.step(),
          axis.firstTap(output),
          axis.endTap(output),
          axis.endTap(output));
    }

    static Line covers(AxisRegions axis, int cell) {
      int covers = axis.covers(cell);
      return new Line(axis.firstCover(cell), axis.coverStep(), 0, covers, covers);
    }

    static Line all(int size) {
      return new Line(0, 1, 0, size, size);
    }

    int at(int i) {
      return origin + i * step;
    }

    boolean inside(int i) {
      return i >= first && i < end;
    }

    int count() {
      return Math.max(0, end - first);
    }
  }

  /** All outputs of a plane. */
  static Box outputs(Geometry geometry, Precision precision) {
    return new Box(
        Line.all(geometry.d().outputSize()),
        Line.all(geometry.h().outputSize()),
        Line.all(geometry.w().outputSize()),
        geometry.h().outputSize(),
        geometry.w().outputSize(),
        precision);
  }

  /** What a loop over a plane does with one position. */
  @FunctionalInterface
  interface BoxAction {
    void accept(int position, Box box);
  }

  /** Visits every output with the cells of its region, in flat order. */
  static void forEachOutput(Geometry geometry, Precision precision, BoxAction action) {
    AxisRegions d = geometry.d();
    AxisRegions h = geometry.h();
    AxisRegions w = geometry.w();
    int output = 0;
    for (int od = 0; od < d.outputSize(); od++) {
      for (int oh = 0; oh < h.outputSize(); oh++) {
        for (int ow = 0; ow < w.outputSize(); ow++) {
          Box box =
              new Box(
                  Line.taps(d, od),
                  Line.taps(h, oh),
                  Line.taps(w, ow),
                  h.inputSize(),
                  w.inputSize(),
                  precision);
          action.accept(output++, box);
        }
      }
    }
  }

  /** Visits every cell with the outputs that it feeds, in flat order. */
  static void forEachCell(Geometry geometry, Precision precision, BoxAction action) {
    AxisRegions d = geometry.d();
    AxisRegions h = geometry.h();
    AxisRegions w = geometry.w();
    int cell = 0;
    for (int id = 0; id < d.inputSize(); id++) {
      for (int ih = 0; ih < h.inputSize(); ih++) {
        for (int iw = 0; iw < w.inputSize(); iw++) {
          Box box =
              new Box(
                  Line.covers(d, id),
                  Line.covers(h, ih),
                  Line.covers(w, iw),
                  h.outputSize(),
                  w.outputSize(),
                  precision);
          action.accept(cell++, box);
        }
      }
    }
  }

  @Override
  public long count() {
    return (long) d.count() * h.count() * w.count();
  }

  @Override
  public void forEach(IntConsumer action) {
    for (int i = d.first(); i < d.end(); i++) {
      for (int j = h.first(); j < h.end(); j++) {
        for (int k = w.first(); k < w.end(); k++) {
          action.accept((d.at(i) * height + h.at(j)) * width + w.at(k));
        }
      }
    }
  }

  @Override
  public double sum(IntToDoubleFunction term) {
    return Sums.along(
        w.terms(),
        k ->
            Sums.along(
                d.terms(),
                i ->
                    Sums.along(
                        h.terms(),
                        j ->
                            d.inside(i) && h.inside(j) && w.inside(k)
                                ? term.applyAsDouble((d.at(i) * height + h.at(j)) * width + w.at(k))
                                : Sums.SKIPPED,
                        precision),
                precision),
        precision);
  }
}
