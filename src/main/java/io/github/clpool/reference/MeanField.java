package io.github.clpool.reference;

import io.github.clpool.backend.Arguments;
import io.github.clpool.exact.Maximum;
import io.github.clpool.exact.Precision;
import io.github.clpool.op.CrfPool;
import io.github.clpool.op.CrfPool.Normalization;
import io.github.clpool.op.CrfPool.Pairwise;
import io.github.clpool.op.Graphs;
import io.github.clpool.op.Role;
import io.github.clpool.op.Sparse;
import java.util.ArrayList;
import java.util.List;

/** The assignment of nodes to clusters, and everything on the way to it. */
final class MeanField {
  final CrfPool operator;
  final Precision precision;
  final Graphs graphs;
  final int[] graphOf;
  final Matrix x;
  final Matrix adjacency;
  final Matrix compatibility;
  final Sparse pairs;

  /** The pairwise weights k, their sums r and their quotients P. */
  final Matrix weights;

  final Matrix sums;
  final Matrix quotients;

  /** Before each step the softmax s, and the messages M = P s. */
  final List<Matrix> beliefs = new ArrayList<>();

  final List<Matrix> messages = new ArrayList<>();
  final Matrix assignment;
  private final Arguments arguments;

  MeanField(CrfPool operator, Precision precision, Arguments arguments) {
    this.operator = operator;
    this.arguments = arguments;
    this.precision = precision;
    graphs = operator.graphsOf(arguments.tensors());
    graphOf = graphs.graphOfNode();
    x = matrix(Role.INPUT);
    adjacency = matrix(Role.ADJACENCY);
    compatibility = operator.hasCompatibility() ? matrix(Role.COMPATIBILITY) : null;
    pairs = operator.pairsOf(graphs, arguments.tensors());
    weights =
        operator.pairwise() == Pairwise.GIVEN
            ? matrix(Role.PAIRS)
            : onEntries(pairs, (i, j, entry) -> x.dot(i, x, j));
    sums = Matrix.of(1, pairs.size(), precision, (zero, i) -> rowSum(i));
    quotients = onEntries(pairs, (i, j, entry) -> quotient(weights.get(entry), i));
    Matrix logits = matrix(Role.LOGITS);
    Matrix q = logits;
    for (int step = 0; step < operator.steps(); step++) {
      Matrix s = softmax(q);
      Matrix m = product(pairs, quotients, s);
      beliefs.add(s);
      messages.add(m);
      q = compatibility == null ? logits.plus(m) : logits.minus(m.times(compatibility));
    }
    assignment = operator.isHard() ? oneHot(q) : softmax(q);
  }

  private Matrix matrix(Role role) {
    return Matrix.of(arguments.get(role), precision);
  }

  /** Writes what a forward call gives. */
  void pool() {
    Matrix pooled = perGraph(assignment, x);
    pooled.store(arguments.get(Role.OUTPUT));
    if (arguments.tensors().containsKey(Role.ASSIGNMENT)) {
      assignment.store(arguments.get(Role.ASSIGNMENT));
    }
    if (arguments.tensors().containsKey(Role.POOLED_ADJACENCY)) {
      Matrix neighbours = product(graphs.edges(), adjacency, assignment);
      perGraph(assignment, neighbours).store(arguments.get(Role.POOLED_ADJACENCY));
    }
  }

  /** Makes the value of an entry of a sparse matrix. */
  @FunctionalInterface
  interface Entry {
    double at(int row, int column, int entry);
  }

  Matrix onEntries(Sparse sparse, Entry value) {
    double[] values = new double[sparse.entries()];
    for (int row = 0; row < sparse.size(); row++) {
      for (int i = 0; i < sparse.count(row); i++) {
        int entry = sparse.first(row) + i;
        values[entry] = value.at(row, sparse.columns()[entry], entry);
      }
    }
    return new Matrix(1, values.length, values, precision);
  }

  private double rowSum(int row) {
    boolean magnitudes = operator.normalization() == Normalization.ROW_SUM_ABS;
    int first = pairs.first(row);
    return weights.sum(
        pairs.count(row),
        i -> magnitudes ? Math.abs(weights.get(first + i)) : weights.get(first + i));
  }

  /** Whether a node gets messages, and gradients flow through its row. */
  boolean isLive(int row) {
    return operator.normalization() == Normalization.NONE || sums.get(row) != 0;
  }

  /** A pairwise weight, or its gradient, divided as the operator says. */
  double quotient(double value, int row) {
    return operator.normalization() == Normalization.NONE
        ? value
        : precision.round(value / sums.get(row));
  }

  /** A sparse matrix, given by its entries, times a matrix; rows of pairs that are dead are 0. */
  Matrix product(Sparse sparse, Matrix entries, Matrix right) {
    return right.like(
        (row, column) ->
            sparse == pairs && !isLive(row)
                ? 0.0
                : right.sum(
                    sparse.count(row),
                    i -> entries.get(sparse.first(row) + i),
                    i -> right.get(sparse.columns()[sparse.first(row) + i], column)));
  }

  /** For each graph the transposed rows of its nodes times those of another matrix. */
  Matrix perGraph(Matrix left, Matrix right) {
    return Matrix.of(
        graphs.count() * left.columns(),
        right.columns(),
        precision,
        (row, column) -> {
          int graph = row / left.columns();
          int cluster = row % left.columns();
          int first = graphs.pointers()[graph];
          return left.sum(
              graphs.pointers()[graph + 1] - first,
              i -> left.get(first + i, cluster),
              i -> right.get(first + i, column));
        });
  }

  private Matrix softmax(Matrix q) {
    double[] max = new double[q.rows()];
    for (int row = 0; row < q.rows(); row++) {
      max[row] = q.get(row, indexOfMax(q, row));
    }
    Matrix e = q.like((i, j) -> precision.exp(precision.round(q.get(i, j) - max[i])));
    Matrix total =
        Matrix.of(1, q.rows(), precision, (zero, i) -> e.sum(e.columns(), j -> e.get(i, j)));
    return e.like((i, j) -> precision.round(e.get(i, j) / total.get(i)));
  }

  private Matrix oneHot(Matrix q) {
    return q.like((i, j) -> j == indexOfMax(q, i) ? 1 : 0);
  }

  private static int indexOfMax(Matrix q, int row) {
    int best = 0;
    for (int j = 1; j < q.columns(); j++) {
      if (Maximum.replaces(q.get(row, j), q.get(row, best))) {
        best = j;
      }
    }
    return best;
  }
}
