package io.github.clpool.graph;

import io.github.clpool.graph.CrfOperations.Entries;
import io.github.clpool.graph.CrfOperations.Factor;
import io.github.clpool.op.CrfPool;
import io.github.clpool.op.CrfPool.Normalization;
import io.github.clpool.op.CrfPool.Pairwise;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import java.util.ArrayList;
import java.util.List;

/**
 * A call of a {@link CrfPool} as operations on matrices: the same order for every backend that is
 * fast. docs/semantics.md, section 6.
 *
 * @param <M> a matrix
 */
public final class CrfSteps<M> {
  private final Problem problem;
  private final CrfPool operator;
  private final CrfOperations<M> on;
  final int features;
  final int clusters;
  final M x;
  final M compatibility;
  final M weights;
  final M sums;
  final M quotients;
  final M assignment;

  /** The softmax before each step, and the messages; only the last ones of a forward call. */
  final List<M> beliefs = new ArrayList<>();

  final List<M> messages = new ArrayList<>();
  private final M logits;

  private CrfSteps(Problem problem, CrfOperations<M> on) {
    this.problem = problem;
    this.operator = (CrfPool) problem.operator();
    this.on = on;
    features = (int) problem.input().sizes()[1];
    clusters = (int) problem.shapeOf(Role.LOGITS).sizes()[1];
    x = on.load(Role.INPUT, features);
    logits = on.load(Role.LOGITS, clusters);
    boolean steps = operator.steps() > 0;
    compatibility =
        operator.hasCompatibility() && steps ? on.load(Role.COMPATIBILITY, clusters) : null;
    weights = steps ? weights() : null;
    boolean plain = operator.normalization() == Normalization.NONE;
    sums = steps && !plain ? on.ofNodes(1) : null;
    quotients = steps && !plain ? on.ofEntries(Entries.PAIRS) : weights;
    if (sums != null) {
      on.normalize(sums, quotients, weights);
    }
    assignment = on.ofNodes(clusters);
    infer();
  }

  /**
   * Runs, or plans, a call.
   *
   * @param <M> a matrix
   * @param problem the call
   * @param on what computes
   */
  public static <M> void run(Problem problem, CrfOperations<M> on) {
    CrfSteps<M> steps = new CrfSteps<>(problem, on);
    if (problem.direction() == Direction.FORWARD) {
      steps.pool();
    } else {
      new CrfGradientSteps<>(problem, on, steps).run();
    }
  }

  private M weights() {
    if (operator.pairwise() == Pairwise.GIVEN) {
      return on.load(Role.PAIRS, 1);
    }
    M products = on.ofEntries(Entries.PAIRS);
    on.dots(Entries.PAIRS, products, x, x);
    return products;
  }

  private void infer() {
    boolean keep = problem.direction() == Direction.BACKWARD && !operator.isHard();
    M q = operator.steps() == 0 ? logits : on.ofNodes(clusters);
    for (int step = 0; step < operator.steps(); step++) {
      if (keep || step == 0) {
        beliefs.add(on.ofNodes(clusters));
        messages.add(on.ofNodes(clusters));
      }
      M s = beliefs.get(beliefs.size() - 1);
      M m = messages.get(messages.size() - 1);
      on.softmax(s, step == 0 ? logits : q);
      on.multiply(Entries.PAIRS, m, quotients, s, sums);
      if (compatibility == null) {
        on.add(q, logits, m);
      } else {
        on.multiply(q, m, compatibility, Factor.MATRIX);
        on.subtract(q, logits, q);
      }
    }
    if (operator.isHard()) {
      on.oneHot(assignment, q);
    } else {
      on.softmax(assignment, q);
    }
  }

  private void pool() {
    M pooled = on.ofGraphs(clusters, features);
    on.multiplyNodes(pooled, assignment, x, true);
    on.store(pooled, Role.OUTPUT);
    if (problem.has(Role.ASSIGNMENT)) {
      on.store(assignment, Role.ASSIGNMENT);
    }
    if (problem.has(Role.POOLED_ADJACENCY)) {
      M pooledAdjacency = on.ofGraphs(clusters, clusters);
      on.multiplyNodes(pooledAdjacency, assignment, neighbours(), true);
      on.store(pooledAdjacency, Role.POOLED_ADJACENCY);
    }
  }

  /** A S. */
  M neighbours() {
    M neighbours = on.ofNodes(clusters);
    on.multiply(Entries.EDGES, neighbours, on.load(Role.ADJACENCY, 1), assignment, null);
    return neighbours;
  }
}
