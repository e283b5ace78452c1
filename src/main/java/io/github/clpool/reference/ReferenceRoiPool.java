package io.github.clpool.reference;

import io.github.clpool.exact.Maximum;
import io.github.clpool.exact.Precision;
import io.github.clpool.exact.Sums;
import io.github.clpool.op.Roi;
import io.github.clpool.op.RoiPool;

/** Regions of interest in whole cells. docs/semantics.md, section 6, RoiPool. */
record ReferenceRoiPool(RoiPool operator) implements ReferenceRoi {
  @Override
  public Bins bins(Roi roi, int height, int width) {
    RoiPool.Axis rows = operator.rows(roi, height);
    RoiPool.Axis columns = operator.columns(roi, width);
    return operator.averages()
        ? new Avg(operator, rows, columns)
        : new Max(operator, rows, columns);
  }

  /** The maximum of each bin. */
  private record Max(RoiPool operator, RoiPool.Axis rows, RoiPool.Axis columns) implements Bins {
    @Override
    public void forward(Cells x, Cells y, Cells indices) {
      for (int ph = 0; ph < operator.outputHeight(); ph++) {
        for (int pw = 0; pw < operator.outputWidth(); pw++) {
          double best = 0;
          int index = -1;
          for (int h = rows.first(ph); h < rows.end(ph); h++) {
            for (int w = columns.first(pw); w < columns.end(pw); w++) {
              double cell = x.get(h * columns.size() + w);
              if (index < 0 || Maximum.replaces(cell, best)) {
                best = cell;
                index = h * columns.size() + w;
              }
            }
          }
          int output = ph * operator.outputWidth() + pw;
          y.set(output, best);
          if (indices != null) {
            indices.set(output, index);
          }
        }
      }
    }

    @Override
    public void backward(Cells x, Cells gradOutput, Cells indices, double... sums) {
      for (int ph = 0; ph < operator.outputHeight(); ph++) {
        for (int pw = 0; pw < operator.outputWidth(); pw++) {
          int output = ph * operator.outputWidth() + pw;
          int index = indices.getInt(output);
          if (index >= 0 && contains(ph, pw, index / columns.size(), index % columns.size())) {
            sums[index] = Precision.of(rows.type()).round(sums[index] + gradOutput.get(output));
          }
        }
      }
    }

    private boolean contains(int ph, int pw, int h, int w) {
      return h >= rows.first(ph)
          && h < rows.end(ph)
          && w >= columns.first(pw)
          && w < columns.end(pw);
    }
  }

  /** The average of each bin. */
  private record Avg(RoiPool operator, RoiPool.Axis rows, RoiPool.Axis columns) implements Bins {
    @Override
    public void forward(Cells x, Cells y, Cells indices) {
      Precision precision = Precision.of(rows.type());
      for (int ph = 0; ph < operator.outputHeight(); ph++) {
        int top = rows.first(ph);
        int height = rows.end(ph) - top;
        for (int pw = 0; pw < operator.outputWidth(); pw++) {
          int left = columns.first(pw);
          double sum =
              Sums.along(
                  columns.end(pw) - left,
                  w ->
                      Sums.along(
                          height, h -> x.get((top + h) * columns.size() + left + w), precision),
                  precision);
          double cells = cells(ph, pw);
          y.set(ph * operator.outputWidth() + pw, cells == 0 ? 0 : precision.round(sum / cells));
        }
      }
    }

    private double cells(int ph, int pw) {
      long height = Math.max(rows.end(ph) - rows.first(ph), 0);
      long width = Math.max(columns.end(pw) - columns.first(pw), 0);
      return Precision.of(rows.type()).round(height * width);
    }

    @Override
    public void backward(Cells x, Cells gradOutput, Cells indices, double... sums) {
      Precision precision = Precision.of(rows.type());
      for (int h = 0; h < rows.size(); h++) {
        int[] above = covers(rows, operator.outputHeight(), h);
        for (int w = 0; w < columns.size(); w++) {
          int[] left = covers(columns, operator.outputWidth(), w);
          if (above[1] > 0 && left[1] > 0) {
            double sum =
                Sums.along(
                    left[1],
                    j ->
                        Sums.along(
                            above[1],
                            i -> {
                              int ph = above[0] + i;
                              int pw = left[0] + j;
                              double g = gradOutput.get(ph * operator.outputWidth() + pw);
                              return precision.round(g / cells(ph, pw));
                            },
                            precision),
                    precision);
            int cell = h * columns.size() + w;
            sums[cell] = precision.round(sums[cell] + sum);
          }
        }
      }
    }

    /** The first bin that has a cell, and how many have. */
    private static int[] covers(RoiPool.Axis axis, int bins, int cell) {
      int[] covers = new int[2];
      for (int bin = bins - 1; bin >= 0; bin--) {
        if (cell >= axis.first(bin) && cell < axis.end(bin)) {
          covers[0] = bin;
          covers[1]++;
        }
      }
      return covers;
    }
  }
}
