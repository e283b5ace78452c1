package io.github.clpool.cpu;

import io.github.clpool.exact.Maximum;
import io.github.clpool.exact.Sums;
import io.github.clpool.op.Roi;
import io.github.clpool.op.RoiAlign;
import io.github.clpool.roi.RoiBins;
import io.github.clpool.tensor.Shape;
import java.util.List;

/**
 * RoiAlign's maximum of samples, or of their weighted corners. A gradient finds the winners again.
 * docs/semantics.md, section 6.
 */
final class RoiAlignMax<A> implements RoiBody<A> {
  private static final int CORNERS = 4;

  private final RoiAlign operator;
  private final Shape input;
  private final Numbers<A> numbers;
  private final RoiBins samples;
  private final boolean ofCorners;

  RoiAlignMax(RoiAlign operator, List<Roi> rois, Shape input, Numbers<A> numbers) {
    this.operator = operator;
    this.input = input;
    this.numbers = numbers;
    this.samples = RoiBins.samples(operator, rois, input.h(), input.w());
    this.ofCorners = operator.mode() == RoiAlign.Mode.MAX_ONNX;
  }

  @Override
  public Scratch<A> scratch() {
    return null;
  }

  /** The best value so far and where it comes from. */
  private static final class Winner {
    double value;
    int row;
    int column;
    int corner;

    void clear() {
      value = 0;
      row = -1;
      corner = -1;
    }

    void offer(double other, int fromRow, int fromColumn, int fromCorner) {
      if (row < 0 || Maximum.replaces(other, value)) {
        value = other;
        row = fromRow;
        column = fromColumn;
        corner = fromCorner;
      }
    }
  }

  private void find(Winner winner, A cells, int roi, int ph, int pw) {
    winner.clear();
    int row = samples.row(roi, ph);
    int column = samples.column(roi, pw);
    for (int i = samples.begins[row]; i < samples.begins[row + 1]; i++) {
      for (int j = samples.begins[column]; j < samples.begins[column + 1]; j++) {
        if (samples.positions()[i] < 0 || samples.positions()[j] < 0) {
          winner.offer(0, i, j, -1);
        } else {
          offer(winner, cells, i, j);
        }
      }
    }
  }

  private void offer(Winner winner, A cells, int row, int column) {
    double sum = Sums.SKIPPED;
    for (int corner = 0; corner < CORNERS; corner++) {
      double value = numbers.get(cells, cell(row, column, corner));
      double term = numbers.round(weight(row, column, corner) * value);
      if (ofCorners) {
        winner.offer(term, row, column, corner);
      }
      sum = numbers.round(sum + term);
    }
    if (!ofCorners) {
      winner.offer(sum, row, column, CORNERS);
    }
  }

  private int cell(int row, int column, int corner) {
    int h = Math.min(samples.positions()[row] + (corner >> 1), input.h() - 1);
    int w = Math.min(samples.positions()[column] + (corner & 1), input.w() - 1);
    return h * input.w() + w;
  }

  private double weight(int row, int column, int corner) {
    double lower = samples.numbers()[row];
    double right = samples.numbers()[column];
    double wy = corner >> 1 == 1 ? lower : numbers.round(1 - lower);
    double wx = (corner & 1) == 1 ? right : numbers.round(1 - right);
    return numbers.round(wy * wx);
  }

  @Override
  public void forward(int roi, A cells, A outputs, int... indices) {
    Winner winner = new Winner();
    int output = 0;
    for (int ph = 0; ph < operator.outputHeight(); ph++) {
      for (int pw = 0; pw < operator.outputWidth(); pw++) {
        find(winner, cells, roi, ph, pw);
        numbers.set(outputs, output++, winner.value);
      }
    }
  }

  @Override
  public void backward(int roi, A cells, A gradients, int[] indices, A sums, Scratch<A> scratch) {
    Winner winner = new Winner();
    int output = 0;
    for (int ph = 0; ph < operator.outputHeight(); ph++) {
      for (int pw = 0; pw < operator.outputWidth(); pw++) {
        find(winner, cells, roi, ph, pw);
        double g = numbers.get(gradients, output++);
        int first = winner.corner == CORNERS ? 0 : winner.corner;
        int end = winner.corner == CORNERS ? CORNERS : winner.corner + 1;
        for (int corner = first; corner >= 0 && corner < end; corner++) {
          double weight = weight(winner.row, winner.column, corner);
          if (weight != 0) {
            int cell = cell(winner.row, winner.column, corner);
            numbers.set(sums, cell, numbers.get(sums, cell) + numbers.round(g * weight));
          }
        }
      }
    }
  }
}
