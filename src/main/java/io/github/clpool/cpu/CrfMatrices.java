package io.github.clpool.cpu;

import io.github.clpool.backend.Arguments;
import io.github.clpool.op.CrfPool.Normalization;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Sparse;

/** The operations of a mean field on Java arrays. docs/semantics.md, 2.2 and 6. */
final class CrfMatrices<A> extends CrfElements<A> {
  private final int[] graphOfNode;
  private Sparse.Transposed pairsByColumns; // made when first asked for
  private Sparse.Transposed edgesByColumns;

  CrfMatrices(Problem problem, Numbers<A> numbers, Parallel parallel, Arguments arguments) {
    super(problem, numbers, parallel, arguments);
    this.graphOfNode = graphs.graphOfNode();
  }

  private Sparse.Transposed byColumns(Entries entries) {
    if (entries == Entries.EDGES) {
      edgesByColumns = edgesByColumns == null ? graphs.edges().transposed() : edgesByColumns;
      return edgesByColumns;
    }
    pairsByColumns = pairsByColumns == null ? pairs.transposed() : pairsByColumns;
    return pairsByColumns;
  }

  @Override
  public void dots(Entries entries, Matrix<A> target, Matrix<A> left, Matrix<A> right) {
    Sparse sparse = sparse(entries);
    int columns = left.columns();
    forRows(
        sparse.size(),
        (long) sparse.entries() * columns,
        row -> {
          for (int entry = sparse.first(row); entry < sparse.end(row); entry++) {
            int column = sparse.columns()[entry];
            numbers.set(
                target.values(),
                entry,
                dot(left.values(), row * columns, right.values(), column * columns, columns));
          }
        });
  }

  @Override
  public void normalize(Matrix<A> sums, Matrix<A> quotients, Matrix<A> weights) {
    boolean magnitudes = operator.normalization() == Normalization.ROW_SUM_ABS;
    forRows(
        pairs.size(),
        pairs.entries(),
        row -> {
          int first = pairs.first(row);
          double sum =
              sum(
                  pairs.count(row),
                  i -> {
                    double weight = numbers.get(weights.values(), first + i);
                    return magnitudes ? Math.abs(weight) : weight;
                  });
          numbers.set(sums.values(), row, sum);
          for (int entry = first; entry < pairs.end(row); entry++) {
            double quotient = numbers.get(weights.values(), entry) / sum;
            numbers.set(quotients.values(), entry, numbers.round(quotient));
          }
        });
  }

  private boolean isDead(Matrix<A> sums, int row) {
    return sums != null && numbers.get(sums.values(), row) == 0;
  }

  /** Runs over rows with a sum of rows for each thread. */
  private void sumRows(int rows, long elements, int columns, Parallel.Task<RowSum<A>> task) {
    parallel.run(rows, elements, () -> new RowSum<>(numbers, columns).clear(), task);
  }

  @Override
  public void multiply(
      Entries entries, Matrix<A> target, Matrix<A> values, Matrix<A> right, Matrix<A> sums) {
    Sparse sparse = sparse(entries);
    sumRows(
        sparse.size(),
        (long) sparse.entries() * right.columns(),
        right.columns(),
        (sum, row) -> {
          for (int i = 0; i < sparse.count(row) && !isDead(sums, row); i++) {
            int entry = sparse.first(row) + i;
            sum.add(numbers.get(values.values(), entry), right.values(), sparse.columns()[entry]);
          }
          sum.end(target.values(), row);
        });
  }

  @Override
  public void multiplyTransposed(
      Entries entries, Matrix<A> target, Matrix<A> values, Matrix<A> right, Matrix<A> sums) {
    Sparse.Transposed transposed = byColumns(entries);
    Sparse by = transposed.by();
    sumRows(
        by.size(),
        (long) by.entries() * right.columns(),
        right.columns(),
        (sum, column) -> {
          for (int place = by.first(column); place < by.end(column); place++) {
            int row = by.columns()[place];
            if (isDead(sums, row)) {
              sum.skip();
            } else {
              double value = numbers.get(values.values(), transposed.entries()[place]);
              sum.add(value, right.values(), row);
            }
          }
          sum.end(target.values(), column);
          if (entries == Entries.PAIRS) {
            numbers.addZero(target.values(), column * right.columns(), right.columns());
          }
        });
  }

  @Override
  public void multiply(Matrix<A> target, Matrix<A> nodes, Matrix<A> matrices, Factor factor) {
    Matrix<A> rows =
        factor.isTransposed() ? transposed(matrices, nodes.columns(), target.columns()) : matrices;
    sumRows(
        nodes.rows(),
        (long) nodes.size() * target.columns(),
        target.columns(),
        (sum, row) -> {
          int first = factor.isPerGraph() ? graphOfNode[row] * nodes.columns() : 0;
          for (int i = 0; i < nodes.columns(); i++) {
            double value = numbers.get(nodes.values(), row * nodes.columns() + i);
            sum.add(value, rows.values(), first + i);
          }
          sum.end(target.values(), row);
        });
  }

  /** Some matrices below each other, each transposed to the given size. */
  private Matrix<A> transposed(Matrix<A> matrices, int rows, int columns) {
    Matrix<A> result = of(matrices.size() / columns, columns);
    for (int row = 0; row < result.rows(); row++) {
      int matrix = row / rows;
      for (int column = 0; column < columns; column++) {
        int from = (matrix * columns + column) * rows + row % rows;
        numbers.set(result.values(), row * columns + column, numbers.get(matrices.values(), from));
      }
    }
    return result;
  }

  @Override
  public void multiplyNodes(Matrix<A> target, Matrix<A> left, Matrix<A> right, boolean perGraph) {
    int[] pointers = perGraph ? graphs.pointers() : new int[] {0, graphs.nodes()};
    sumRows(
        target.rows(),
        (long) left.size() * right.columns(),
        right.columns(),
        (sum, row) -> {
          int graph = row / left.columns();
          for (int node = pointers[graph]; node < pointers[graph + 1]; node++) {
            double value = numbers.get(left.values(), node * left.columns() + row % left.columns());
            sum.add(value, right.values(), node);
          }
          sum.end(target.values(), row);
        });
  }

  @Override
  public void throughNormalization(
      Matrix<A> target, Matrix<A> g, Matrix<A> quotients, Matrix<A> weights, Matrix<A> sums) {
    boolean magnitudes = operator.normalization() == Normalization.ROW_SUM_ABS;
    forRows(
        pairs.size(),
        pairs.entries(),
        row -> {
          int first = pairs.first(row);
          double mean = dot(g.values(), first, quotients.values(), first, pairs.count(row));
          double divisor = numbers.get(sums.values(), row);
          for (int entry = first; entry < pairs.end(row); entry++) {
            double weight = numbers.get(weights.values(), entry);
            double sign = weight > 0 ? 1 : weight < 0 ? -1 : 0;
            double term = magnitudes ? sign * mean : mean;
            double rest = numbers.round(numbers.get(g.values(), entry) - term);
            numbers.set(
                target.values(), entry, isDead(sums, row) ? 0 : numbers.round(rest / divisor));
          }
        });
  }

  @Override
  public void addReversed(Matrix<A> target, Matrix<A> values) {
    int[] back = byColumns(Entries.PAIRS).entries(); // pairs go both ways
    for (int entry = 0; entry < target.rows(); entry++) {
      double sum = numbers.get(values.values(), entry) + numbers.get(values.values(), back[entry]);
      numbers.set(target.values(), entry, numbers.round(sum));
    }
  }
}
