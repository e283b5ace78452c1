package io.github.clpool.op;

import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Pools the nodes of graphs into clusters, whose assignment a conditional random field refines from
 * logits by mean-field steps (StructPool). The input is the nodes' features. Immutable; each option
 * returns a changed copy.
 *
 * @param pairwise which nodes influence each other
 * @param hops the most edges between them where that counts, else 0
 * @param normalization what pairwise weights are divided by
 * @param steps how many mean-field steps, 0 to 1000
 * @param hasCompatibility whether a compatibility matrix is given; else clusters agree with
 *     themselves
 * @param isHard whether each node belongs to one cluster alone
 */
public record CrfPool(
    Pairwise pairwise,
    int hops,
    Normalization normalization,
    int steps,
    boolean hasCompatibility,
    boolean isHard)
    implements Operator {
  /** Which nodes influence each other, and how much. */
  public enum Pairwise {
    /** All of a graph, by the products of their features. */
    ALL_PAIRS,
    /** Those that few edges join, by the products of their features. */
    EDGES,
    /** Those that a given matrix names, by its values. */
    GIVEN
  }

  /** What the pairwise weights of a node are divided by. */
  public enum Normalization {
    /** Their sum. */
    ROW_SUM,
    /** The sum of their magnitudes. */
    ROW_SUM_ABS,
    /** Nothing. */
    NONE
  }

  static final String NAME = "crf_pool";
  private static final int DEFAULT_STEPS = 5;

  /** Gradients keep the assignment of each step; some ten are usual, and converge. */
  private static final int MOST_STEPS = 1000;

  /**
   * Checks the numbers.
   *
   * @param pairwise which nodes influence each other
   * @param hops the most edges between them where that counts, else 0
   * @param normalization what pairwise weights are divided by
   * @param steps how many mean-field steps, 0 to 1000
   * @param hasCompatibility whether a compatibility matrix is given
   * @param isHard whether each node belongs to one cluster alone
   */
  public CrfPool {
    Require.present("pairwise", pairwise);
    Require.present("normalization", normalization);
    Require.that(
        pairwise == Pairwise.EDGES ? hops >= 1 : hops == 0,
        "edges is %d, but must be %s",
        hops,
        pairwise == Pairwise.EDGES ? "at least 1" : "0 for pairs that are not found by edges");
    Require.that(
        steps >= 0 && steps <= MOST_STEPS,
        "steps is %d, but must be at least 0 and at most %d",
        steps,
        MOST_STEPS);
  }

  private static CrfPool of(Pairwise pairwise, int hops) {
    return new CrfPool(pairwise, hops, Normalization.ROW_SUM, DEFAULT_STEPS, false, false);
  }

  /**
   * All nodes of a graph influence each other by the product of their features.
   *
   * @return the operator
   */
  public static CrfPool allPairs() {
    return of(Pairwise.ALL_PAIRS, 0);
  }

  /**
   * Nodes influence each other by the product of their features if few enough edges join them.
   *
   * @param most the most edges between them, at least 1
   * @return the operator
   */
  public static CrfPool edges(int most) {
    return of(Pairwise.EDGES, most);
  }

  /**
   * Nodes influence each other as a given matrix says ({@link Inputs#pairs}).
   *
   * @return the operator
   */
  public static CrfPool given() {
    return of(Pairwise.GIVEN, 0);
  }

  /**
   * Divides pairwise weights by something else than their sum.
   *
   * @param divisor what they are divided by
   * @return the changed copy
   */
  public CrfPool normalization(Normalization divisor) {
    return new CrfPool(pairwise, hops, divisor, steps, hasCompatibility, isHard);
  }

  /**
   * Sets the number of mean-field steps, 5 by default.
   *
   * @param number 0 to 1000; 0 leaves the softmax of the logits
   * @return the changed copy
   */
  public CrfPool steps(int number) {
    return new CrfPool(pairwise, hops, normalization, number, hasCompatibility, isHard);
  }

  /**
   * Takes a compatibility matrix ({@link Inputs#compatibility}) instead of the negative identity.
   *
   * @return the changed copy
   */
  public CrfPool compatibility() {
    return new CrfPool(pairwise, hops, normalization, steps, true, isHard);
  }

  /**
   * Assigns each node to one cluster alone, through which no gradient flows.
   *
   * @return the changed copy
   */
  public CrfPool hard() {
    return new CrfPool(pairwise, hops, normalization, steps, hasCompatibility, true);
  }

  static CrfPool parse(OperatorText options) {
    boolean edges = options.has("edges");
    boolean given = options.flag("given");
    Require.that(!edges || !given, "operator '%s' names two kinds of pairs", options);
    CrfPool pool =
        edges ? CrfPool.edges(options.number("edges")) : given ? CrfPool.given() : allPairs();
    if (options.has("normalization")) {
      pool = pool.normalization(options.word("normalization", Normalization.class));
    }
    pool = options.has("steps") ? pool.steps(options.number("steps")) : pool;
    pool = options.flag("compatibility") ? pool.compatibility() : pool;
    return options.flag("hard") ? pool.hard() : pool;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean poolsPlanes() {
    return false;
  }

  @Override
  public Set<Role> parameters() {
    Set<Role> roles =
        EnumSet.of(
            Role.LOGITS, Role.GRAPH_POINTERS, Role.ROW_POINTERS, Role.COLUMNS, Role.ADJACENCY);
    if (pairwise == Pairwise.GIVEN) {
      roles.addAll(Set.of(Role.PAIR_POINTERS, Role.PAIR_COLUMNS, Role.PAIRS));
    }
    if (hasCompatibility) {
      roles.add(Role.COMPATIBILITY);
    }
    return roles;
  }

  @Override
  public Set<Role> results() {
    return EnumSet.of(Role.OUTPUT, Role.ASSIGNMENT, Role.POOLED_ADJACENCY);
  }

  @Override
  public Set<Role> incomingGradients() {
    return EnumSet.of(Role.GRAD_OUTPUT, Role.GRAD_ASSIGNMENT, Role.GRAD_POOLED_ADJACENCY);
  }

  @Override
  public Set<Role> gradients() {
    Set<Role> roles = EnumSet.of(Role.GRAD_INPUT, Role.GRAD_LOGITS, Role.GRAD_ADJACENCY);
    if (pairwise == Pairwise.GIVEN) {
      roles.add(Role.GRAD_PAIRS);
    }
    if (hasCompatibility) {
      roles.add(Role.GRAD_COMPATIBILITY);
    }
    return roles;
  }

  @Override
  public Set<Role> keptForBackward() {
    Set<Role> roles = parameters();
    roles.add(Role.INPUT);
    return roles;
  }

  /** Not to be had: the pooled features depend on the graphs and the number of clusters, too. */
  @Override
  public Shape outputShape(Shape input) {
    throw new IllegalArgumentException(
        "the output of " + this + " depends on its logits and graphs, not on its input alone");
  }

  @Override
  public Shape shapeOf(Role role, Map<Role, Shape> given) {
    Require.present("role", role);
    Require.present("given", given);
    return new CrfShapes(this, given).of(role);
  }

  @Override
  public DataType typeOf(Role role, DataType type) {
    Require.present("role", role);
    return switch (role) {
      case GRAPH_POINTERS, ROW_POINTERS, COLUMNS, PAIR_POINTERS, PAIR_COLUMNS -> DataType.INT32;
      case COMPATIBILITY, GRAD_COMPATIBILITY -> type.computingType();
      default -> type;
    };
  }

  /**
   * Reads the graphs of a call.
   *
   * @param tensors the call's tensors
   * @return the graphs
   * @throws IllegalArgumentException naming the first number that breaks a rule
   */
  public Graphs graphsOf(Map<Role, Tensor> tensors) {
    Require.present("tensors", tensors);
    return new Graphs(
        tensors.get(Role.GRAPH_POINTERS).toInts(),
        sparse(tensors, Role.ROW_POINTERS, Role.COLUMNS));
  }

  /**
   * The pairs of nodes of a call that influence each other.
   *
   * @param graphs its graphs
   * @param tensors its tensors
   * @return the entries of the matrix of pairwise weights, row by row
   * @throws IllegalArgumentException naming the first number that breaks a rule, or if there are
   *     too many
   */
  public Sparse pairsOf(Graphs graphs, Map<Role, Tensor> tensors) {
    Require.present("graphs", graphs);
    Require.present("tensors", tensors);
    return switch (pairwise) {
      case ALL_PAIRS -> graphs.allPairs();
      case EDGES -> graphs.within(hops);
      case GIVEN -> graphs.checked(sparse(tensors, Role.PAIR_POINTERS, Role.PAIR_COLUMNS));
    };
  }

  private static Sparse sparse(Map<Role, Tensor> tensors, Role pointers, Role columns) {
    return new Sparse(tensors.get(pointers).toInts(), tensors.get(columns).toInts());
  }

  /** The text that {@link Operators#parse} reads back. */
  @Override
  public String toString() {
    String pairs =
        switch (pairwise) {
          case ALL_PAIRS -> "";
          case EDGES -> " edges=" + hops;
          case GIVEN -> " given";
        };
    return NAME
        + pairs
        + (normalization == Normalization.ROW_SUM ? "" : " normalization=" + normalization)
        + (steps == DEFAULT_STEPS ? "" : " steps=" + steps)
        + (hasCompatibility ? " compatibility" : "")
        + (isHard ? " hard" : "");
  }
}
