package io.github.clpool.graph;

import io.github.clpool.graph.CrfOperations.Entries;
import io.github.clpool.graph.CrfOperations.Factor;
import io.github.clpool.op.CrfPool;
import io.github.clpool.op.CrfPool.Pairwise;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;

/**
 * The gradients of a call, once {@link CrfSteps} has run its mean field again.
 *
 * @param <M> a matrix
 */
final class CrfGradientSteps<M> {
  private final Problem problem;
  private final CrfPool operator;
  private final CrfOperations<M> on;
  private final CrfSteps<M> field;
  private final M ofOutput;

  CrfGradientSteps(Problem problem, CrfOperations<M> on, CrfSteps<M> field) {
    this.problem = problem;
    this.operator = (CrfPool) problem.operator();
    this.on = on;
    this.field = field;
    this.ofOutput = on.load(Role.GRAD_OUTPUT, field.features);
  }

  void run() {
    if (problem.has(Role.GRAD_ADJACENCY)) {
      storeOfAdjacency();
    }
    M ofFeatures = on.ofNodes(field.features);
    on.multiply(ofFeatures, field.assignment, ofOutput, Factor.OF_GRAPH);
    if (operator.isHard()) {
      storeZeros(Role.GRAD_LOGITS);
    } else {
      throughField(ofFeatures);
    }
    if (operator.isHard() || operator.steps() == 0) {
      storeZeros(Role.GRAD_PAIRS);
      storeZeros(Role.GRAD_COMPATIBILITY);
    }
    if (problem.has(Role.GRAD_INPUT)) {
      on.storeGradient(ofFeatures, Role.GRAD_INPUT);
    }
  }

  private void storeOfAdjacency() {
    if (problem.has(Role.GRAD_POOLED_ADJACENCY)) {
      M gradients = on.ofEntries(Entries.EDGES);
      M left = on.ofNodes(field.clusters);
      M ofPooled = on.load(Role.GRAD_POOLED_ADJACENCY, field.clusters);
      on.multiply(left, field.assignment, ofPooled, Factor.OF_GRAPH);
      on.dots(Entries.EDGES, gradients, left, field.assignment);
      on.storeGradient(gradients, Role.GRAD_ADJACENCY);
    } else {
      storeZeros(Role.GRAD_ADJACENCY);
    }
  }

  private void storeZeros(Role role) {
    if (problem.has(role)) {
      M zeros =
          switch (role) {
            case GRAD_LOGITS -> on.ofNodes(field.clusters);
            case GRAD_ADJACENCY -> on.ofEntries(Entries.EDGES);
            case GRAD_PAIRS -> on.ofEntries(Entries.PAIRS);
            default -> on.of(field.clusters, field.clusters);
          };
      on.clear(zeros);
      on.storeGradient(zeros, role);
    }
  }

  private M ofAssignment() {
    M g = on.ofNodes(field.clusters);
    on.multiply(g, field.x, ofOutput, Factor.OF_GRAPH_TRANSPOSED);
    if (problem.has(Role.GRAD_ASSIGNMENT)) {
      on.add(g, on.load(Role.GRAD_ASSIGNMENT, field.clusters), g);
    }
    if (problem.has(Role.GRAD_POOLED_ADJACENCY)) {
      M ofPooled = on.load(Role.GRAD_POOLED_ADJACENCY, field.clusters);
      M adjacency = on.load(Role.ADJACENCY, 1);
      M neighbours = field.neighbours();
      M term = on.ofNodes(field.clusters);
      on.multiply(term, neighbours, ofPooled, Factor.OF_GRAPH_TRANSPOSED);
      on.add(g, g, term);
      on.multiplyTransposed(Entries.EDGES, neighbours, adjacency, field.assignment, null);
      on.multiply(term, neighbours, ofPooled, Factor.OF_GRAPH);
      on.add(g, g, term);
    }
    return g;
  }

  /** The gradients of what the mean field is made from; that of the features is added. */
  private void throughField(M ofFeatures) {
    M g = ofAssignment();
    M gq = on.ofNodes(field.clusters);
    on.throughSoftmax(gq, field.assignment, g);
    M ofLogits = on.ofNodes(field.clusters);
    on.clear(ofLogits);
    if (operator.steps() > 0) {
      throughSteps(gq, g, ofLogits, ofFeatures);
    }
    on.add(ofLogits, ofLogits, gq);
    if (problem.has(Role.GRAD_LOGITS)) {
      on.storeGradient(ofLogits, Role.GRAD_LOGITS);
    }
  }

  private void throughSteps(M gq, M g, M ofLogits, M ofFeatures) {
    M ofQuotients = on.ofEntries(Entries.PAIRS);
    M products = on.ofEntries(Entries.PAIRS);
    on.clear(ofQuotients);
    CompatibilityGradient compatibility =
        operator.hasCompatibility() ? new CompatibilityGradient() : null;
    for (int t = operator.steps() - 1; t >= 0; t--) {
      on.add(ofLogits, ofLogits, gq);
      M gm = compatibility == null ? gq : compatibility.step(field.messages.get(t), gq);
      M belief = field.beliefs.get(t);
      on.dots(Entries.PAIRS, products, gm, belief);
      on.add(ofQuotients, ofQuotients, products);
      on.multiplyTransposed(Entries.PAIRS, g, field.quotients, gm, field.sums);
      on.throughSoftmax(gq, belief, g);
    }
    if (compatibility != null && problem.has(Role.GRAD_COMPATIBILITY)) {
      on.storeGradient(compatibility.gradient, Role.GRAD_COMPATIBILITY);
    }
    throughWeights(ofQuotients, products, ofFeatures);
  }

  /** The gradient of the compatibility matrix, and that of the messages through it. */
  private final class CompatibilityGradient {
    final M gradient = on.of(field.clusters, field.clusters);
    private final M term = on.of(field.clusters, field.clusters);
    private final M gm = on.ofNodes(field.clusters);

    CompatibilityGradient() {
      on.clear(gradient);
    }

    M step(M messages, M gq) {
      on.multiply(gm, gq, field.compatibility, Factor.TRANSPOSED);
      on.negate(gm, gm);
      on.multiplyNodes(term, messages, gq, false);
      on.subtract(gradient, gradient, term);
      return gm;
    }
  }

  private void throughWeights(M ofQuotients, M other, M ofFeatures) {
    M gradients = ofQuotients;
    M free = other;
    if (field.sums != null) {
      gradients = other;
      free = ofQuotients;
      on.throughNormalization(gradients, ofQuotients, field.quotients, field.weights, field.sums);
    }
    if (operator.pairwise() != Pairwise.GIVEN) {
      M term = on.ofNodes(field.features);
      on.addReversed(free, gradients);
      on.multiply(Entries.PAIRS, term, free, field.x, null);
      on.add(ofFeatures, ofFeatures, term);
    } else if (problem.has(Role.GRAD_PAIRS)) {
      on.storeGradient(gradients, Role.GRAD_PAIRS);
    }
  }
}
