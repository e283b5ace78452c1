package io.github.clpool.reference;

import io.github.clpool.exact.Maximum;
import io.github.clpool.exact.Precision;
import io.github.clpool.exact.Sums;
import io.github.clpool.op.Roi;
import io.github.clpool.op.RoiAlign;
import java.util.function.IntToDoubleFunction;

/** Regions of interest by interpolated samples. docs/semantics.md, section 6, RoiAlign. */
record ReferenceRoiAlign(RoiAlign operator) implements ReferenceRoi {
  @Override
  public Bins bins(Roi roi, int height, int width) {
    RoiAlign.Axis rows = operator.rows(roi, height);
    RoiAlign.Axis columns = operator.columns(roi, width);
    return operator.mode() == RoiAlign.Mode.AVG
        ? Avg.of(operator, rows, columns)
        : new Max(operator, rows, columns);
  }

  /** What the samples of a bin weigh each cell of an axis with. */
  private static double[][] weights(RoiAlign.Axis axis, int bins) {
    double[][] weights = new double[bins][axis.size()];
    for (int bin = 0; bin < bins; bin++) {
      int index = bin;
      for (int cell = 0; cell < axis.size(); cell++) {
        int position = cell;
        double sum =
            Sums.along(
                axis.samples(),
                sample -> weight(axis, axis.at(index, sample), position),
                Precision.of(axis.type()));
        weights[bin][cell] = Precision.of(axis.type()).round(sum + 0.0);
      }
    }
    return weights;
  }

  private static double weight(RoiAlign.Axis axis, double x, int cell) {
    if (x < 0) {
      return 0;
    }
    double high = axis.weight(x);
    if (cell == axis.low(x)) {
      return Precision.of(axis.type()).round(1 - high);
    }
    return cell == axis.high(x) ? high : 0;
  }

  /** The average of the samples of each bin. */
  private record Avg(
      RoiAlign operator, double[][] rows, double[][] columns, double count, Precision precision)
      implements Bins {
    static Avg of(RoiAlign operator, RoiAlign.Axis rows, RoiAlign.Axis columns) {
      return new Avg(
          operator,
          weights(rows, operator.outputHeight()),
          weights(columns, operator.outputWidth()),
          Math.max((long) rows.samples() * columns.samples(), 1),
          Precision.of(rows.type()));
    }

    /** Sums weighted terms from the first to the last weight that is not 0. */
    private double sum(IntToDoubleFunction weight, int positions, IntToDoubleFunction term) {
      int first = 0;
      int end = positions;
      while (first < end && weight.applyAsDouble(first) == 0) {
        first++;
      }
      while (end > first && weight.applyAsDouble(end - 1) == 0) {
        end--;
      }
      if (first == end) {
        return 0;
      }
      int from = first;
      return Sums.along(
          end - first,
          i -> {
            double each = weight.applyAsDouble(from + i);
            return each == 0 ? Sums.SKIPPED : precision.round(each * term.applyAsDouble(from + i));
          },
          precision);
    }

    @Override
    public void forward(Cells x, Cells y, Cells indices) {
      for (int ph = 0; ph < rows.length; ph++) {
        double[] row = rows[ph];
        for (int pw = 0; pw < columns.length; pw++) {
          double[] column = columns[pw];
          double sum =
              sum(
                  h -> row[h],
                  row.length,
                  h -> sum(w -> column[w], column.length, w -> x.get(h * column.length + w)));
          y.set(ph * columns.length + pw, precision.round(sum / count));
        }
      }
    }

    @Override
    public void backward(Cells x, Cells gradOutput, Cells indices, double... sums) {
      int width = columns[0].length;
      for (int cell = 0; cell < sums.length; cell++) {
        int h = cell / width;
        int w = cell % width;
        if (feeds(rows, h) && feeds(columns, w)) {
          double sum =
              sum(
                  ph -> rows[ph][h],
                  rows.length,
                  ph ->
                      sum(
                          pw -> columns[pw][w],
                          columns.length,
                          pw -> precision.round(gradOutput.get(ph * columns.length + pw) / count)));
          sums[cell] = precision.round(sums[cell] + sum);
        }
      }
    }

    private static boolean feeds(double[][] weights, int cell) {
      boolean feeds = false;
      for (double[] bin : weights) {
        feeds |= bin[cell] != 0;
      }
      return feeds;
    }
  }

  /** The maximum of the samples of each bin, or of their weighted corners. */
  private record Max(RoiAlign operator, RoiAlign.Axis rows, RoiAlign.Axis columns) implements Bins {
    /** The four cells around a sample and what they weigh. */
    private record Corners(int[] cells, double[] weights) {}

    private Corners corners(double y, double x) {
      Precision precision = Precision.of(rows.type());
      int[] cells = new int[4];
      double[] weights = new double[4];
      for (int corner = 0; corner < 4; corner++) {
        boolean lower = corner >= 2;
        boolean right = corner % 2 == 1;
        int h = lower ? rows.high(y) : rows.low(y);
        int w = right ? columns.high(x) : columns.low(x);
        cells[corner] = h * columns.size() + w;
        double wy = lower ? rows.weight(y) : precision.round(1 - rows.weight(y));
        double wx = right ? columns.weight(x) : precision.round(1 - columns.weight(x));
        weights[corner] = precision.round(wy * wx);
      }
      return new Corners(cells, weights);
    }

    /** What won a bin: a value, and the cells that it is made of. */
    private static final class Winner {
      double value;
      boolean found;
      Corners corners;

      void offer(double other, Corners from) {
        if (!found || Maximum.replaces(other, value)) {
          value = other;
          corners = from;
          found = true;
        }
      }
    }

    private Winner winner(Cells x, int ph, int pw) {
      Winner winner = new Winner();
      for (int iy = 0; iy < rows.samples(); iy++) {
        double row = rows.at(ph, iy);
        for (int ix = 0; ix < columns.samples(); ix++) {
          double column = columns.at(pw, ix);
          if (row < 0 || column < 0) {
            winner.offer(0, null);
          } else {
            offer(winner, x, corners(row, column));
          }
        }
      }
      return winner;
    }

    private void offer(Winner winner, Cells x, Corners corners) {
      Precision precision = Precision.of(rows.type());
      double sum = Sums.SKIPPED;
      for (int i = 0; i < 4; i++) {
        int cell = corners.cells[i];
        double weight = corners.weights[i];
        double term = precision.round(weight * x.get(cell));
        if (operator.mode() == RoiAlign.Mode.MAX_ONNX) {
          winner.offer(term, new Corners(new int[] {cell}, new double[] {weight}));
        }
        sum = precision.round(sum + term);
      }
      if (operator.mode() == RoiAlign.Mode.MAX) {
        winner.offer(sum, corners);
      }
    }

    @Override
    public void forward(Cells x, Cells y, Cells indices) {
      for (int ph = 0; ph < operator.outputHeight(); ph++) {
        for (int pw = 0; pw < operator.outputWidth(); pw++) {
          y.set(ph * operator.outputWidth() + pw, winner(x, ph, pw).value);
        }
      }
    }

    @Override
    public void backward(Cells x, Cells gradOutput, Cells indices, double... sums) {
      Precision precision = Precision.of(rows.type());
      for (int ph = 0; ph < operator.outputHeight(); ph++) {
        for (int pw = 0; pw < operator.outputWidth(); pw++) {
          Corners corners = winner(x, ph, pw).corners;
          double g = gradOutput.get(ph * operator.outputWidth() + pw);
          for (int i = 0; corners != null && i < corners.cells.length; i++) {
            double weight = corners.weights[i];
            int cell = corners.cells[i];
            if (weight != 0) {
              sums[cell] = precision.round(sums[cell] + precision.round(g * weight));
            }
          }
        }
      }
    }
  }
}
