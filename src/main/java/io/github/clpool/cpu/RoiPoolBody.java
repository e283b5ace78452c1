package io.github.clpool.cpu;

import io.github.clpool.exact.Maximum;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Roi;
import io.github.clpool.op.RoiPool;
import io.github.clpool.roi.RoiBins;
import io.github.clpool.roi.RoiCovers;
import io.github.clpool.tensor.Shape;
import java.util.List;

/** RoiPool: the maximum or the average of each bin. docs/semantics.md, section 6. */
final class RoiPoolBody<A> implements RoiBody<A> {
  private final RoiPool operator;
  private final Shape input;
  private final Numbers<A> numbers;
  private final RoiBins bins;
  private final RoiCovers covers;

  static <A> RoiBody<A> of(Problem problem, List<Roi> rois, Numbers<A> numbers) {
    return new RoiPoolBody<>((RoiPool) problem.operator(), rois, problem.input(), numbers);
  }

  private RoiPoolBody(RoiPool operator, List<Roi> rois, Shape input, Numbers<A> numbers) {
    this.operator = operator;
    this.input = input;
    this.numbers = numbers;
    this.bins = RoiBins.cells(operator, rois, input.h(), input.w());
    this.covers = new RoiCovers(bins);
  }

  @Override
  public Scratch<A> scratch() {
    return null;
  }

  private int cells(int bin) {
    return bins.begins[bin + 1] - bins.begins[bin];
  }

  private int first(int bin) {
    return bins.positions()[bins.begins[bin]];
  }

  @Override
  public void forward(int roi, A cells, A outputs, int... indices) {
    BlockSum overH = new BlockSum(numbers);
    BlockSum overW = new BlockSum(numbers);
    int output = 0;
    for (int ph = 0; ph < operator.outputHeight(); ph++) {
      for (int pw = 0; pw < operator.outputWidth(); pw++, output++) {
        int row = bins.row(roi, ph);
        int column = bins.column(roi, pw);
        if (cells(row) == 0 || cells(column) == 0) {
          numbers.set(outputs, output, 0);
          indices[output] = -1;
        } else if (operator.averages()) {
          double count = numbers.round((double) cells(row) * cells(column));
          double sum = sum(cells, row, column, overH, overW);
          numbers.set(outputs, output, sum / count);
        } else {
          indices[output] = select(cells, row, column);
          numbers.copy(cells, indices[output], outputs, output, 1);
        }
      }
    }
  }

  private double sum(A cells, int row, int column, BlockSum overH, BlockSum overW) {
    overW.clear();
    for (int w = first(column); w < first(column) + cells(column); w++) {
      overH.clear();
      for (int h = first(row); h < first(row) + cells(row); h++) {
        overH.add(numbers.get(cells, h * input.w() + w));
      }
      overW.add(overH.sum());
    }
    return overW.sum();
  }

  private int select(A cells, int row, int column) {
    int index = -1;
    double best = 0;
    for (int h = first(row); h < first(row) + cells(row); h++) {
      int end = h * input.w() + first(column) + cells(column);
      for (int cell = end - cells(column); cell < end; cell++) {
        double value = numbers.get(cells, cell);
        if (index < 0 || Maximum.replaces(value, best)) {
          best = value;
          index = cell;
        }
      }
    }
    return index;
  }

  @Override
  public void backward(int roi, A cells, A gradients, int[] indices, A sums, Scratch<A> scratch) {
    if (operator.averages()) {
      spread(roi, gradients, sums);
      return;
    }
    int output = 0;
    for (int ph = 0; ph < operator.outputHeight(); ph++) {
      for (int pw = 0; pw < operator.outputWidth(); pw++, output++) {
        int cell = indices[output];
        if (cell >= 0
            && contains(bins.row(roi, ph), cell / input.w())
            && contains(bins.column(roi, pw), cell % input.w())) {
          numbers.set(sums, cell, numbers.get(sums, cell) + numbers.get(gradients, output));
        }
      }
    }
  }

  private boolean contains(int bin, int position) {
    int inBin = cells(bin) == 0 ? -1 : position - first(bin);
    return inBin >= 0 && inBin < cells(bin);
  }

  private void spread(int roi, A gradients, A sums) {
    divide(roi, gradients);
    BlockSum overH = new BlockSum(numbers);
    BlockSum overW = new BlockSum(numbers);
    int box = roi * RoiCovers.BOX;
    int rows = covers.boxes[box + 1];
    int columns = covers.boxes[box + 3];
    int places = covers.boxes[box + 4];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        overW.clear();
        int place = places + rows + j;
        for (int pw = covers.begins[place]; pw < covers.begins[place + 1]; pw++) {
          overH.clear();
          for (int ph = covers.begins[places + i]; ph < covers.begins[places + i + 1]; ph++) {
            int output = covers.bins[ph] * operator.outputWidth() + covers.bins[pw];
            overH.add(numbers.get(gradients, output));
          }
          overW.add(overH.sum());
        }
        int cell = (covers.boxes[box] + i) * input.w() + covers.boxes[box + 2] + j;
        numbers.set(sums, cell, numbers.get(sums, cell) + overW.sum());
      }
    }
  }

  /** Divides the gradient of each bin by the number of its cells. */
  private void divide(int roi, A gradients) {
    int output = 0;
    for (int ph = 0; ph < operator.outputHeight(); ph++) {
      double rows = cells(bins.row(roi, ph));
      for (int pw = 0; pw < operator.outputWidth(); pw++, output++) {
        double count = numbers.round(rows * cells(bins.column(roi, pw)));
        numbers.set(gradients, output, numbers.get(gradients, output) / count);
      }
    }
  }
}
