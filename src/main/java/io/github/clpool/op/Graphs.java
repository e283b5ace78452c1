package io.github.clpool.op;

import io.github.clpool.tensor.Require;
import java.util.Arrays;

/**
 * The edges of some graphs whose nodes are numbered one graph after the other. Checked when made;
 * immutable as long as nobody writes into its arrays.
 *
 * @param pointers for each graph its first node, and at the end the number of nodes
 * @param edges the entries of the adjacency matrix of all nodes; none between graphs
 */
public record Graphs(int[] pointers, Sparse edges) {
  /**
   * Checks the graphs.
   *
   * @param pointers for each graph its first node, and at the end the number of nodes
   * @param edges the entries of the adjacency matrix of all nodes; none between graphs
   */
  public Graphs {
    Require.present("pointers", pointers);
    Require.present("edges", edges);
    checkPointers(Role.GRAPH_POINTERS, pointers, "nodes", edges.size());
    checkEntries(pointers, edges, Role.ROW_POINTERS, Role.COLUMNS, true);
  }

  /**
   * One graph.
   *
   * @param edges the entries of its adjacency matrix
   * @return the graph
   */
  public static Graphs of(Sparse edges) {
    Require.present("edges", edges);
    return new Graphs(new int[] {0, edges.size()}, edges);
  }

  /**
   * Graphs given by dense adjacency matrices: their edges are the entries that are not zero.
   *
   * @param matrices the rows of a square matrix for each graph
   * @return the graphs
   * @throws IllegalArgumentException if a matrix is not square
   */
  public static Graphs dense(double[][]... matrices) {
    Require.present("matrices", matrices);
    int[] pointers = new int[matrices.length + 1];
    for (int graph = 0; graph < matrices.length; graph++) {
      pointers[graph + 1] = pointers[graph] + matrices[graph].length;
    }
    Sparse.Builder builder = new Sparse.Builder(pointers[matrices.length]);
    for (int graph = 0; graph < matrices.length; graph++) {
      int size = matrices[graph].length;
      for (double[] row : matrices[graph]) {
        Require.that(
            row.length == size,
            "adjacency of graph %d has a row of %d numbers, but must be square with %d",
            graph,
            row.length,
            size);
        for (int column = 0; column < size; column++) {
          if (row[column] != 0) {
            builder.add(pointers[graph] + column);
          }
        }
        builder.endRow();
      }
    }
    return new Graphs(pointers, builder.build());
  }

  /**
   * The values of the edges of {@link #dense}.
   *
   * @param matrices the same matrices
   * @return their entries that are not zero, row after row
   */
  public static double[] values(double[][]... matrices) {
    return Arrays.stream(Require.present("matrices", matrices))
        .flatMap(Arrays::stream)
        .flatMapToDouble(Arrays::stream)
        .filter(value -> value != 0)
        .toArray();
  }

  /**
   * Checks the entries of another matrix of the same nodes, such as given pairwise weights.
   *
   * @param pairs the entries; none between graphs, none of a node with itself
   * @return the same entries
   */
  Sparse checked(Sparse pairs) {
    checkEntries(pointers, pairs, Role.PAIR_POINTERS, Role.PAIR_COLUMNS, false);
    return pairs;
  }

  private static void checkPointers(Role role, int[] pointers, String things, int count) {
    Require.that(pointers.length >= 1, "%s are none, but must begin with 0", role.words());
    for (int i = 0; i < pointers.length; i++) {
      boolean first = i == 0;
      Require.that(
          first ? pointers[0] == 0 : pointers[i] >= pointers[i - 1],
          "%s[%d] is %d, but must be %s",
          role.words(),
          i,
          pointers[i],
          first ? "0" : "at least the one before, " + pointers[i - 1]);
    }
    int end = pointers.length - 1;
    Require.that(
        pointers[end] == count,
        "%s[%d] is %d, but must be the number of %s, %d",
        role.words(),
        end,
        pointers[end],
        things,
        count);
  }

  private static void checkEntries(
      int[] graphs, Sparse matrix, Role pointers, Role columns, boolean diagonal) {
    checkPointers(pointers, matrix.pointers(), "entries", matrix.entries());
    for (int graph = 0; graph + 1 < graphs.length; graph++) {
      int first = graphs[graph];
      int end = graphs[graph + 1];
      for (int row = first; row < end; row++) {
        int previous = -1;
        for (int entry = matrix.first(row); entry < matrix.end(row); entry++) {
          int column = matrix.columns()[entry];
          // compared without signs, as in BadPosition: the JIT once got the other form wrong
          boolean isOther = Integer.compareUnsigned(column - first, end - first) >= 0;
          String rule =
              isOther
                  ? "row " + row + " needs a node of its graph, " + first + " to " + (end - 1)
                  : column <= previous
                      ? "columns of row " + row + " must ascend, and " + previous + " comes before"
                      : column == row && !diagonal ? "no node makes a pair with itself" : null;
          if (rule != null) {
            throw new IllegalArgumentException(
                columns.words() + "[" + entry + "] is " + column + ", but " + rule);
          }
          previous = column;
        }
      }
    }
  }

  /**
   * The number of graphs.
   *
   * @return how many, empty ones included
   */
  public int count() {
    return pointers.length - 1;
  }

  /**
   * The number of nodes of all graphs.
   *
   * @return how many
   */
  public int nodes() {
    return edges.size();
  }

  /**
   * The graph of each node.
   *
   * @return a new array of graph numbers from 0
   */
  public int[] graphOfNode() {
    int[] graphs = new int[nodes()];
    for (int graph = 0; graph < count(); graph++) {
      Arrays.fill(graphs, pointers[graph], pointers[graph + 1], graph);
    }
    return graphs;
  }

  /**
   * The first node of the graph of each node.
   *
   * @return a new array
   */
  public int[] firstNodes() {
    int[] nodes = graphOfNode();
    Arrays.setAll(nodes, node -> pointers[nodes[node]]);
    return nodes;
  }

  /**
   * Where the rows of {@link #allPairs} begin.
   *
   * @return for each node the place of its first pair, and the number of pairs
   * @throws IllegalArgumentException if there are too many
   */
  public int[] allPairPointers() {
    int[] rows = new int[nodes() + 1];
    for (int graph = 0; graph < count(); graph++) {
      long size = pointers[graph + 1] - pointers[graph];
      for (int row = pointers[graph]; row < pointers[graph + 1]; row++) {
        rows[row + 1] = Sparse.checkEntries(rows[row] + size - 1);
      }
    }
    return rows;
  }

  /**
   * All pairs of different nodes of a graph.
   *
   * @return the pairs in both directions
   * @throws IllegalArgumentException if there are too many
   */
  public Sparse allPairs() {
    int[] rows = allPairPointers();
    int[] columns = new int[rows[nodes()]];
    int[] firstNodes = firstNodes();
    for (int row = 0; row < nodes(); row++) {
      for (int entry = rows[row]; entry < rows[row + 1]; entry++) {
        int column = firstNodes[row] + entry - rows[row];
        columns[entry] = column < row ? column : column + 1;
      }
    }
    return new Sparse(rows, columns);
  }

  /**
   * The pairs of different nodes that few enough edges join, whatever their direction.
   *
   * @param hops the most edges between the nodes of a pair
   * @return the pairs in both directions
   */
  public Sparse within(int hops) {
    Sparse[] directions = {edges, edges.transposed().by()};
    Sparse.Builder builder = new Sparse.Builder(nodes());
    int[] reachedFrom = new int[nodes()];
    int[] queue = new int[nodes()];
    for (int row = 0; row < nodes(); row++) {
      reachedFrom[row] = row + 1; // a stamp that no other row leaves, and not 0
      queue[0] = row;
      int count = 1;
      int done = 0;
      for (int hop = 0; hop < hops && done < count; hop++) {
        for (int end = count; done < end; done++) {
          for (Sparse direction : directions) {
            int node = queue[done];
            for (int entry = direction.first(node); entry < direction.end(node); entry++) {
              int neighbour = direction.columns()[entry];
              if (reachedFrom[neighbour] != row + 1) {
                reachedFrom[neighbour] = row + 1;
                queue[count++] = neighbour;
                builder.add(neighbour);
              }
            }
          }
        }
      }
      builder.endRow();
    }
    return builder.build();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Graphs graphs
        && Arrays.equals(pointers, graphs.pointers)
        && edges.equals(graphs.edges);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(pointers) + edges.hashCode();
  }

  @Override
  public String toString() {
    return count() + " graphs with " + nodes() + " nodes and " + edges.entries() + " entries";
  }
}
