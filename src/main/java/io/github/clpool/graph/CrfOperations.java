package io.github.clpool.graph;

import io.github.clpool.op.Role;

/**
 * The operations that the mean field of a {@link io.github.clpool.op.CrfPool} is made of, on
 * matrices of the computing type; {@link CrfSteps} puts them in order. Each gives the bits of
 * docs/semantics.md, section 6. A target may be an operand only of the operations on elements.
 *
 * @param <M> a matrix, in rows
 */
public interface CrfOperations<M> {
  /** Where a sparse matrix has its entries. */
  enum Entries {
    /** Of the adjacency matrix. */
    EDGES,
    /** Of the pairwise weights. */
    PAIRS
  }

  /**
   * A tensor's numbers, widened.
   *
   * @param role the tensor
   * @param columns the number of columns
   * @return the matrix, not to be written
   */
  M load(Role role, int columns);

  /**
   * A new matrix with a row for each node.
   *
   * @param columns the number of columns
   * @return its elements are undefined
   */
  M ofNodes(int columns);

  /**
   * A new matrix with some rows for each graph.
   *
   * @param rows how many
   * @param columns the number of columns
   * @return its elements are undefined
   */
  M ofGraphs(int rows, int columns);

  /**
   * A new matrix.
   *
   * @param rows the number of rows
   * @param columns the number of columns
   * @return its elements are undefined
   */
  M of(int rows, int columns);

  /**
   * New numbers, one for each entry.
   *
   * @param entries of which matrix
   * @return undefined numbers
   */
  M ofEntries(Entries entries);

  /**
   * Rounds a matrix once, into a tensor.
   *
   * @param from the matrix
   * @param role the tensor
   */
  void store(M from, Role role);

  /**
   * Stores complete gradients, or adds them to what the tensor holds.
   *
   * @param from the gradients
   * @param role the tensor
   */
  void storeGradient(M from, Role role);

  /**
   * +0 everywhere.
   *
   * @param target what is written
   */
  void clear(M target);

  /**
   * Element by element {@code left + right}.
   *
   * @param target what is written
   * @param left the left operand
   * @param right the right operand
   */
  void add(M target, M left, M right);

  /**
   * Element by element {@code left - right}.
   *
   * @param target what is written
   * @param left the left operand
   * @param right the right operand
   */
  void subtract(M target, M left, M right);

  /**
   * Element by element the negative.
   *
   * @param target what is written
   * @param of the operand
   */
  void negate(M target, M of);

  /**
   * The softmax of each row.
   *
   * @param target what is written
   * @param q the rows
   */
  void softmax(M target, M q);

  /**
   * For each row 1 in the column of the first maximum, else 0.
   *
   * @param target what is written
   * @param q the rows
   */
  void oneHot(M target, M q);

  /**
   * The gradient through the softmax of each row.
   *
   * @param target what is written
   * @param softmax what came out of it
   * @param g its gradient
   */
  void throughSoftmax(M target, M softmax, M g);

  /**
   * For each entry the product of row and column: of a row of one matrix and a row of another.
   *
   * @param entries of which matrix
   * @param target what is written
   * @param left has the rows of the entries' rows
   * @param right has the rows of the entries' columns
   */
  void dots(Entries entries, M target, M left, M right);

  /**
   * The sums by which pairwise weights are divided, and the quotients.
   *
   * @param sums takes a sum for each node
   * @param quotients takes a quotient for each pair; of rows without messages anything
   * @param weights the pairwise weights
   */
  void normalize(M sums, M quotients, M weights);

  /**
   * A sparse matrix times a matrix.
   *
   * @param entries which sparse matrix
   * @param target what is written
   * @param values the values of its entries
   * @param right the other matrix
   * @param sums where not null, rows whose sum is 0 give 0
   */
  void multiply(Entries entries, M target, M values, M right, M sums);

  /**
   * A transposed sparse matrix times a matrix; of pairs it gives complete gradients.
   *
   * @param entries which sparse matrix
   * @param target what is written
   * @param values the values of its entries
   * @param right the other matrix
   * @param sums where not null, entries of rows whose sum is 0 are skipped
   */
  void multiplyTransposed(Entries entries, M target, M values, M right, M sums);

  /** Which matrix a row of a node is multiplied with. */
  enum Factor {
    /** The only one. */
    MATRIX,
    /** The only one, transposed. */
    TRANSPOSED,
    /** That of its graph. */
    OF_GRAPH,
    /** That of its graph, transposed. */
    OF_GRAPH_TRANSPOSED;

    /**
     * Whether each graph has its own.
     *
     * @return false if there is only one
     */
    public boolean isPerGraph() {
      return this == OF_GRAPH || this == OF_GRAPH_TRANSPOSED;
    }

    /**
     * Whether it is transposed.
     *
     * @return false if it is taken as it is
     */
    public boolean isTransposed() {
      return this == TRANSPOSED || this == OF_GRAPH_TRANSPOSED;
    }
  }

  /**
   * The rows of nodes times a small matrix.
   *
   * @param target what is written
   * @param nodes the rows
   * @param matrices one or more matrices, each below the other
   * @param factor which of them, and how
   */
  void multiply(M target, M nodes, M matrices, Factor factor);

  /**
   * The transposed rows of nodes times those of another matrix.
   *
   * @param target what is written: a matrix for each graph, or one
   * @param left the rows to transpose
   * @param right the other rows
   * @param perGraph whether for each graph, or over all nodes
   */
  void multiplyNodes(M target, M left, M right, boolean perGraph);

  /**
   * The gradients of the pairwise weights.
   *
   * @param target what is written
   * @param g the gradients of the quotients
   * @param quotients the quotients
   * @param weights the weights
   * @param sums the sums
   */
  void throughNormalization(M target, M g, M quotients, M weights, M sums);

  /**
   * For each pair its number plus that of the pair the other way round.
   *
   * @param target what is written
   * @param values a number for each pair; pairs go both ways
   */
  void addReversed(M target, M values);
}
