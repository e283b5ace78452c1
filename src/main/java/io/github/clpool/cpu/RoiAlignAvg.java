package io.github.clpool.cpu;

import io.github.clpool.exact.Sums;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Roi;
import io.github.clpool.op.RoiAlign;
import io.github.clpool.roi.RoiBins;
import io.github.clpool.roi.RoiCovers;
import io.github.clpool.tensor.Shape;
import java.util.List;

/**
 * RoiAlign's average: what the samples of a bin weigh each row and each column is known beforehand.
 * docs/semantics.md, section 6.
 */
final class RoiAlignAvg<A> implements RoiBody<A> {
  private static final int MOST_SCRATCH = 1 << 24; // numbers of a thread

  private final RoiAlign operator;
  private final Numbers<A> numbers;
  private final RoiBins bins;
  private final RoiCovers covers;
  private final A binNumbers;
  private final A coverNumbers;
  private final double[] counts;
  private final int width;

  /** The body of a call; that of a maximum is {@link RoiAlignMax}. */
  static <A> RoiBody<A> of(Problem problem, List<Roi> rois, Numbers<A> numbers) {
    RoiAlign operator = (RoiAlign) problem.operator();
    return operator.mode() == RoiAlign.Mode.AVG
        ? new RoiAlignAvg<>(operator, rois, problem.input(), numbers)
        : new RoiAlignMax<>(operator, rois, problem.input(), numbers);
  }

  private RoiAlignAvg(RoiAlign operator, List<Roi> rois, Shape input, Numbers<A> numbers) {
    this.operator = operator;
    this.numbers = numbers;
    this.width = input.w();
    this.bins = RoiBins.weights(operator, rois, input.h(), width);
    this.covers = new RoiCovers(bins);
    this.binNumbers = array(bins.numbers(), bins.entries());
    this.coverNumbers = array(covers.numbers, bins.entries());
    this.counts = rois.stream().mapToDouble(roi -> Math.max(operator.samples(roi), 1)).toArray();
  }

  private A array(double[] values, int count) {
    A array = numbers.array(count);
    for (int i = 0; i < count; i++) {
      numbers.set(array, i, values[i]);
    }
    return array;
  }

  @Override
  public Scratch<A> scratch() {
    int columns = Math.min(width, columnsAtOnce());
    return new Scratch<>(numbers.array(operator.outputHeight() * columns), numbers.array(columns));
  }

  /** All of them, but where there are very many rows of bins. */
  private int columnsAtOnce() {
    return Math.max(MOST_SCRATCH / operator.outputHeight(), 1);
  }

  @Override
  public void forward(int roi, A cells, A outputs, int... indices) {
    int output = 0;
    for (int ph = 0; ph < operator.outputHeight(); ph++) {
      int begin = bins.begins[bins.row(roi, ph)];
      int end = bins.begins[bins.row(roi, ph) + 1];
      for (int pw = 0; pw < operator.outputWidth(); pw++, output++) {
        int left = bins.begins[bins.column(roi, pw)];
        int right = bins.begins[bins.column(roi, pw) + 1];
        double sum = left == right ? 0 : sum(cells, begin, end, left, right);
        numbers.set(outputs, output, sum / counts[roi]);
      }
    }
  }

  /** Sums over the rows of a bin, of each over its columns. */
  private double sum(A cells, int begin, int end, int left, int right) {
    if (begin == end) {
      return 0;
    } else if (isLong(bins.positions(), begin, end)) {
      BlockSum sum = new BlockSum(numbers);
      sum.clear();
      for (int i = begin; i < end; i++) {
        sum.skip(i == begin ? 0 : bins.positions()[i] - bins.positions()[i - 1] - 1);
        sum.add(product(binNumbers, i, along(cells, i, left, right)));
      }
      return sum.sum();
    }
    double sum = Sums.SKIPPED;
    for (int i = begin; i < end; i++) {
      sum = numbers.round(sum + product(binNumbers, i, along(cells, i, left, right)));
    }
    return sum;
  }

  private double along(A cells, int row, int left, int right) {
    return sum(cells, bins.positions()[row] * width, bins.positions(), binNumbers, left, right);
  }

  private double product(A weights, int i, double value) {
    return numbers.round(numbers.get(weights, i) * value);
  }

  private static boolean isLong(int[] positions, int begin, int end) {
    return end > begin && positions[end - 1] - positions[begin] >= Sums.BLOCK;
  }

  /** Sums weighted values along one axis, from the first to the last position. */
  private double sum(A values, int offset, int[] positions, A weights, int begin, int end) {
    if (!isLong(positions, begin, end)) {
      return numbers.dot(values, offset, positions, weights, begin, end);
    }
    BlockSum sum = new BlockSum(numbers);
    sum.clear();
    for (int i = begin; i < end; i++) {
      sum.skip(i == begin ? 0 : positions[i] - positions[i - 1] - 1);
      sum.add(product(weights, i, numbers.get(values, offset + positions[i])));
    }
    return sum.sum();
  }

  @Override
  public void backward(int roi, A cells, A gradients, int[] indices, A sums, Scratch<A> scratch) {
    int bins = operator.outputHeight() * operator.outputWidth();
    for (int i = 0; i < bins; i++) {
      numbers.set(gradients, i, numbers.get(gradients, i) / counts[roi]);
    }
    int box = roi * RoiCovers.BOX;
    int rows = covers.boxes[box + 1];
    int columns = covers.boxes[box + 3];
    int firstRow = covers.boxes[box + 4];
    for (int from = 0; rows > 0 && from < columns; from += columnsAtOnce()) {
      int some = Math.min(columnsAtOnce(), columns - from);
      alongColumns(gradients, firstRow + rows + from, some, scratch.rows());
      for (int i = 0; i < rows; i++) {
        int cell = (covers.boxes[box] + i) * width + covers.boxes[box + 2] + from;
        alongRows(scratch, firstRow + i, some);
        numbers.add(sums, cell, scratch.row(), some);
      }
    }
  }

  /** What each row of bins gives to each column of cells. */
  private void alongColumns(A gradients, int place, int columns, A rows) {
    for (int ph = 0; ph < operator.outputHeight(); ph++) {
      for (int j = 0; j < columns; j++) {
        int begin = covers.begins[place + j];
        int end = covers.begins[place + j + 1];
        int offset = ph * operator.outputWidth();
        double sum = sum(gradients, offset, covers.bins, coverNumbers, begin, end);
        numbers.set(rows, ph * columns + j, sum);
      }
    }
  }

  /** What all rows of bins give to one row of cells. */
  private void alongRows(Scratch<A> scratch, int place, int columns) {
    int begin = covers.begins[place];
    int end = covers.begins[place + 1];
    A row = scratch.row();
    if (isLong(covers.bins, begin, end)) {
      for (int j = 0; j < columns; j++) {
        numbers.set(row, j, longSum(scratch.rows(), j, columns, begin, end));
      }
      return;
    }
    numbers.fill(row, 0, columns, Sums.SKIPPED);
    for (int i = begin; i < end; i++) {
      double weight = numbers.get(coverNumbers, i);
      numbers.addScaled(row, 0, weight, scratch.rows(), covers.bins[i] * columns, columns);
    }
  }

  private double longSum(A rows, int column, int columns, int begin, int end) {
    BlockSum sum = new BlockSum(numbers);
    sum.clear();
    for (int i = begin; i < end; i++) {
      sum.skip(i == begin ? 0 : covers.bins[i] - covers.bins[i - 1] - 1);
      sum.add(product(coverNumbers, i, numbers.get(rows, covers.bins[i] * columns + column)));
    }
    return sum.sum();
  }
}
