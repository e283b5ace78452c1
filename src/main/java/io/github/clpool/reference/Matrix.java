package io.github.clpool.reference;

import io.github.clpool.exact.Precision;
import io.github.clpool.exact.Sums;
import io.github.clpool.tensor.Tensor;
import java.util.function.IntToDoubleFunction;

/**
 * A matrix of the computing type, in rows, with the sums of docs/semantics.md, 2.2.
 *
 * @param rows the number of rows
 * @param columns the number of columns
 * @param values the elements
 * @param precision the computing type
 */
record Matrix(int rows, int columns, double[] values, Precision precision) {
  /** Makes one element. */
  @FunctionalInterface
  interface Element {
    double at(int row, int column);
  }

  static Matrix of(int rows, int columns, Precision precision, Element element) {
    double[] values = new double[rows * columns];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        values[row * columns + column] = element.at(row, column);
      }
    }
    return new Matrix(rows, columns, values, precision);
  }

  /** Reads an array; all its axes but the last are rows. */
  static Matrix of(Tensor tensor, Precision precision) {
    long[] sizes = tensor.shape().sizes();
    int columns = (int) sizes[sizes.length - 1];
    Cells cells = Cells.array(tensor);
    return of(
        (int) (tensor.shape().elements() / Math.max(1, columns)),
        columns,
        precision,
        (row, column) -> cells.get(row * columns + column));
  }

  double get(int row, int column) {
    return values[row * columns + column];
  }

  double get(int column) {
    return values[column];
  }

  /** Element by element: a new one of each and its place. */
  Matrix like(Element element) {
    return of(rows, columns, precision, element);
  }

  /** Writes the elements into a tensor. */
  void store(Tensor tensor) {
    Cells cells = Cells.array(tensor);
    for (int i = 0; i < values.length; i++) {
      cells.set(i, values[i]);
    }
  }

  /** Writes a complete gradient into a tensor, or adds it. */
  void storeGradient(Tensor tensor, boolean accumulate) {
    Cells cells = Cells.array(tensor);
    for (int i = 0; i < values.length; i++) {
      cells.setGradient(i, values[i], accumulate);
    }
  }

  double sum(int terms, IntToDoubleFunction term) {
    return terms == 0 ? 0.0 : Sums.along(terms, term, precision);
  }

  /** The sum of products of two terms. */
  double sum(int terms, IntToDoubleFunction left, IntToDoubleFunction right) {
    return sum(terms, i -> precision.round(left.applyAsDouble(i) * right.applyAsDouble(i)));
  }

  /** The product of a row of this and a row of another. */
  double dot(int row, Matrix other, int otherRow) {
    return sum(columns, i -> get(row, i), i -> other.get(otherRow, i));
  }

  Matrix plus(Matrix other) {
    return like((i, j) -> precision.round(get(i, j) + other.get(i, j)));
  }

  Matrix minus(Matrix other) {
    return like((i, j) -> precision.round(get(i, j) - other.get(i, j)));
  }

  Matrix negated() {
    return like((i, j) -> -get(i, j));
  }

  /** The product with another matrix. */
  Matrix times(Matrix other) {
    return of(
        rows,
        other.columns,
        precision,
        (i, j) -> sum(columns, a -> get(i, a), a -> other.get(a, j)));
  }

  Matrix transposed() {
    return of(columns, rows, precision, (i, j) -> get(j, i));
  }
}
