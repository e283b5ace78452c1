package io.github.clpool.reference;

import io.github.clpool.backend.Arguments;
import io.github.clpool.exact.Precision;
import io.github.clpool.op.CrfPool;
import io.github.clpool.op.CrfPool.Normalization;
import io.github.clpool.op.CrfPool.Pairwise;
import io.github.clpool.op.Role;
import io.github.clpool.op.Sparse;

/** The gradients of a mean field, in the order of docs/semantics.md, section 6. */
final class MeanFieldGradient {
  private final MeanField field;
  private final Precision precision;
  private final Arguments arguments;
  private final boolean accumulate;
  private final Matrix s;
  private final Sparse edges;

  MeanFieldGradient(MeanField field, Arguments arguments, boolean accumulate) {
    this.field = field;
    this.precision = field.precision;
    this.arguments = arguments;
    this.accumulate = accumulate;
    this.s = field.assignment;
    this.edges = field.graphs.edges();
  }

  void run() {
    CrfPool operator = field.operator;
    Matrix gx = ofNodes(s, incoming(Role.GRAD_OUTPUT));
    Matrix gu = zeros(s);
    Matrix gk = zeros(field.weights);
    Matrix gc = field.compatibility == null ? null : zeros(field.compatibility);
    if (!operator.isHard()) {
      Matrix gp = zeros(field.weights);
      Matrix gq = throughSoftmax(s, ofAssignment());
      for (int t = operator.steps() - 1; t >= 0; t--) {
        gu = gu.plus(gq);
        Matrix gm = gc == null ? gq : gq.times(field.compatibility.transposed()).negated();
        gc = gc == null ? null : gc.minus(field.messages.get(t).transposed().times(gq));
        Matrix belief = field.beliefs.get(t);
        gp = gp.plus(field.onEntries(field.pairs, (i, j, entry) -> gm.dot(i, belief, j)));
        gq = throughSoftmax(belief, backToSenders(gm));
      }
      gu = gu.plus(gq);
      gk = operator.steps() == 0 ? gk : ofWeights(gp);
      if (operator.steps() > 0 && operator.pairwise() != Pairwise.GIVEN) {
        gx = gx.plus(ofFeatures(gk));
      }
    }
    store(Role.GRAD_INPUT, gx);
    store(Role.GRAD_LOGITS, gu);
    store(Role.GRAD_PAIRS, gk);
    store(Role.GRAD_COMPATIBILITY, gc);
    store(Role.GRAD_ADJACENCY, ofAdjacency());
  }

  private void store(Role role, Matrix gradient) {
    if (arguments.tensors().containsKey(role)) {
      gradient.storeGradient(arguments.get(role), accumulate);
    }
  }

  private static Matrix zeros(Matrix like) {
    return like.like((i, j) -> 0.0);
  }

  /** A gradient that comes in, or null. */
  private Matrix incoming(Role role) {
    return arguments.tensors().containsKey(role) ? Matrix.of(arguments.get(role), precision) : null;
  }

  /** Rows of nodes times a matrix of their graph. */
  private Matrix ofNodes(Matrix nodes, Matrix ofGraphs) {
    int k = nodes.columns();
    return Matrix.of(
        nodes.rows(),
        ofGraphs.columns(),
        precision,
        (i, j) ->
            nodes.sum(k, a -> nodes.get(i, a), a -> ofGraphs.get(field.graphOf[i] * k + a, j)));
  }

  /** Rows of nodes times the transposed matrix of their graph, which has k rows. */
  private Matrix ofNodesTransposed(Matrix nodes, Matrix ofGraphs) {
    int k = s.columns();
    return Matrix.of(
        nodes.rows(), k, precision, (i, a) -> nodes.dot(i, ofGraphs, field.graphOf[i] * k + a));
  }

  private Matrix ofAssignment() {
    Matrix sum = ofNodesTransposed(field.x, incoming(Role.GRAD_OUTPUT));
    Matrix direct = incoming(Role.GRAD_ASSIGNMENT);
    sum = direct == null ? sum : direct.plus(sum);
    Matrix ga = incoming(Role.GRAD_POOLED_ADJACENCY);
    if (ga == null) {
      return sum;
    }
    Sparse.Transposed back = edges.transposed();
    Matrix values = field.onEntries(edges, (i, j, e) -> field.adjacency.get(back.entries()[e]));
    return sum.plus(ofNodesTransposed(field.product(edges, field.adjacency, s), ga))
        .plus(ofNodes(field.product(back.by(), values, s), ga));
  }

  private Matrix ofAdjacency() {
    Matrix ga = incoming(Role.GRAD_POOLED_ADJACENCY);
    if (ga == null) {
      return zeros(field.adjacency);
    }
    Matrix left = ofNodes(s, ga);
    return field.onEntries(edges, (i, j, entry) -> left.dot(i, s, j));
  }

  private Matrix throughSoftmax(Matrix softmax, Matrix g) {
    return softmax.like(
        (i, j) ->
            precision.round(
                softmax.get(i, j) * precision.round(g.get(i, j) - g.dot(i, softmax, i))));
  }

  /** The transposed quotients times the gradients of the messages, without dead rows. */
  private Matrix backToSenders(Matrix gm) {
    Sparse.Transposed back = field.pairs.transposed();
    return gm.like(
        (j, column) ->
            gm.sum(
                    back.by().count(j),
                    i -> {
                      int place = back.by().first(j) + i;
                      int row = back.by().columns()[place];
                      return field.isLive(row)
                          ? precision.round(
                              field.quotients.get(back.entries()[place]) * gm.get(row, column))
                          : -0.0;
                    })
                + 0.0);
  }

  private Matrix ofWeights(Matrix gp) {
    Normalization normalization = field.operator.normalization();
    return field.onEntries(
        field.pairs,
        (row, column, entry) -> {
          if (normalization == Normalization.NONE) {
            return gp.get(entry);
          } else if (!field.isLive(row)) {
            return 0.0;
          }
          int first = field.pairs.first(row);
          double d =
              gp.sum(
                  field.pairs.count(row),
                  i -> gp.get(first + i),
                  i -> field.quotients.get(first + i));
          double term =
              normalization == Normalization.ROW_SUM
                  ? d
                  : precision.round(sign(field.weights.get(entry)) * d);
          return field.quotient(precision.round(gp.get(entry) - term), row);
        });
  }

  private static double sign(double value) {
    return value > 0 ? 1 : value < 0 ? -1 : 0;
  }

  /** What weights that are products of features bring to the features. */
  private Matrix ofFeatures(Matrix gk) {
    Sparse pairs = field.pairs;
    int[] back = pairs.transposed().entries(); // pairs go both ways
    return field.x.like(
        (row, column) ->
            gk.sum(
                pairs.count(row),
                i -> {
                  int entry = pairs.first(row) + i;
                  return precision.round(gk.get(entry) + gk.get(back[entry]));
                },
                i -> field.x.get(pairs.columns()[pairs.first(row) + i], column)));
  }
}
