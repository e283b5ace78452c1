package io.github.clpool.cpu;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.HeapStorage;
import io.github.clpool.exact.Maximum;
import io.github.clpool.exact.Sums;
import io.github.clpool.graph.CrfOperations;
import io.github.clpool.op.CrfPool;
import io.github.clpool.op.Graphs;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.op.Sparse;
import java.util.function.IntConsumer;
import java.util.function.IntToDoubleFunction;

/** The operations of a mean field on Java arrays that go element by element or row by row. */
abstract class CrfElements<A> implements CrfOperations<CrfElements.Matrix<A>> {
  final CrfPool operator;
  final Numbers<A> numbers;
  final Parallel parallel;
  final Graphs graphs;
  final Sparse pairs;
  private final Problem problem;
  private final Arguments arguments;

  CrfElements(Problem problem, Numbers<A> numbers, Parallel parallel, Arguments arguments) {
    this.problem = problem;
    this.operator = (CrfPool) problem.operator();
    this.numbers = numbers;
    this.parallel = parallel;
    this.arguments = arguments;
    this.graphs = operator.graphsOf(arguments.tensors());
    this.pairs = operator.pairsOf(graphs, arguments.tensors());
  }

  /** A matrix, row after row. */
  record Matrix<A>(A values, int rows, int columns) {
    int size() {
      return rows * columns;
    }
  }

  final Sparse sparse(Entries entries) {
    return entries == Entries.EDGES ? graphs.edges() : pairs;
  }

  @Override
  public Matrix<A> load(Role role, int columns) {
    int size = (int) arguments.get(role).shape().elements();
    Matrix<A> matrix = of(size / columns, columns);
    stored(role).load(storage(role), 0, 1, matrix.values, 0, size);
    return matrix;
  }

  /** A role's own type: parameters are in the computing type. */
  private Numbers<A> stored(Role role) {
    return arguments.get(role).type() == problem.type() ? numbers : numbers.wide();
  }

  private HeapStorage storage(Role role) {
    return HeapStorage.of(arguments, role);
  }

  @Override
  public Matrix<A> ofNodes(int columns) {
    return of(graphs.nodes(), columns);
  }

  @Override
  public Matrix<A> ofGraphs(int rows, int columns) {
    return of(graphs.count() * rows, columns);
  }

  @Override
  public Matrix<A> of(int rows, int columns) {
    int size = rows * columns; // as that of some tensor of the call, which CrfShapes bounds
    return new Matrix<>(numbers.array(size), rows, columns);
  }

  @Override
  public Matrix<A> ofEntries(Entries entries) {
    return of(sparse(entries).entries(), 1);
  }

  @Override
  public void store(Matrix<A> from, Role role) {
    numbers.store(from.values, 0, storage(role), 0, 1, from.size());
  }

  @Override
  public void storeGradient(Matrix<A> from, Role role) {
    Numbers<A> stored = stored(role);
    A old = null;
    if (problem.accumulate()) {
      old = numbers.array(from.size());
      stored.load(storage(role), 0, 1, old, 0, from.size());
    }
    A complete = numbers.array(from.size());
    numbers.copy(from.values, 0, complete, 0, from.size());
    numbers.complete(complete, 0, from.size(), old);
    stored.store(complete, 0, storage(role), 0, 1, from.size());
  }

  @Override
  public void clear(Matrix<A> target) {
    numbers.fill(target.values, 0, target.size(), 0);
  }

  @Override
  public void add(Matrix<A> target, Matrix<A> left, Matrix<A> right) {
    numbers.combine(Fold.SUM, target.values, left.values, right.values, 0, target.size());
  }

  @Override
  public void subtract(Matrix<A> target, Matrix<A> left, Matrix<A> right) {
    for (int i = 0; i < target.size(); i++) {
      double difference = numbers.get(left.values, i) - numbers.get(right.values, i);
      numbers.set(target.values, i, numbers.round(difference));
    }
  }

  @Override
  public void negate(Matrix<A> target, Matrix<A> of) {
    for (int i = 0; i < target.size(); i++) {
      numbers.set(target.values, i, -numbers.get(of.values, i));
    }
  }

  final void forRows(int rows, long elements, IntConsumer action) {
    parallel.run(rows, elements, () -> null, (none, row) -> action.accept(row));
  }

  final double sum(int terms, IntToDoubleFunction term) {
    return terms == 0 ? 0 : Sums.along(terms, term, numbers.precision());
  }

  final double dot(A left, int leftFrom, A right, int rightFrom, int count) {
    if (count <= Sums.BLOCK) {
      return numbers.plainDot(left, leftFrom, right, rightFrom, count);
    }
    int blocks = (count - 1) / Sums.BLOCK + 1;
    return Sums.along(
        blocks,
        block -> {
          int first = block * Sums.BLOCK;
          int length = Math.min(Sums.BLOCK, count - first);
          return numbers.plainDot(left, leftFrom + first, right, rightFrom + first, length);
        },
        numbers.precision());
  }

  private int indexOfMax(Matrix<A> q, int row) {
    int best = row * q.columns;
    for (int i = best + 1; i < (row + 1) * q.columns; i++) {
      best = Maximum.replaces(numbers.get(q.values, i), numbers.get(q.values, best)) ? i : best;
    }
    return best;
  }

  @Override
  public void softmax(Matrix<A> target, Matrix<A> q) {
    A e = target.values;
    forRows(
        q.rows,
        8L * q.size(),
        row -> {
          int from = row * q.columns;
          double max = numbers.get(q.values, indexOfMax(q, row));
          for (int i = from; i < from + q.columns; i++) {
            numbers.set(
                e, i, numbers.precision().exp(numbers.round(numbers.get(q.values, i) - max)));
          }
          double total = sum(q.columns, i -> numbers.get(e, from + i));
          for (int i = from; i < from + q.columns; i++) {
            numbers.set(e, i, numbers.round(numbers.get(e, i) / total));
          }
        });
  }

  @Override
  public void oneHot(Matrix<A> target, Matrix<A> q) {
    clear(target);
    forRows(q.rows, q.size(), row -> numbers.set(target.values, indexOfMax(q, row), 1));
  }

  @Override
  public void throughSoftmax(Matrix<A> target, Matrix<A> softmax, Matrix<A> g) {
    forRows(
        g.rows,
        3L * g.size(),
        row -> {
          int from = row * g.columns;
          double mean = dot(g.values, from, softmax.values, from, g.columns);
          for (int i = from; i < from + g.columns; i++) {
            double rest = numbers.round(numbers.get(g.values, i) - mean);
            numbers.set(target.values, i, numbers.round(numbers.get(softmax.values, i) * rest));
          }
        });
  }
}
