package io.github.clpool.opencl.graph;

import io.github.clpool.backend.Arguments;
import io.github.clpool.exact.Sums;
import io.github.clpool.op.CrfPool;
import io.github.clpool.op.CrfPool.Pairwise;
import io.github.clpool.op.Graphs;
import io.github.clpool.op.Role;
import io.github.clpool.op.Sparse;
import io.github.clpool.opencl.plan.KernelArgument;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What the kernels of a {@link CrfPool} must know of a call's graphs.
 *
 * @param operator the operator
 * @param transposed whether kernels go through sparse matrices by columns, too
 */
record CrfTables(CrfPool operator, boolean transposed) implements KernelArgument.CallTables {
  /** The tables, in the order of the list. */
  enum Name {
    /** The graph of each node. */
    GRAPHS,
    /** The first block of nodes of each graph, and the number of blocks. */
    BLOCKS,
    /** The graph of each block. */
    GRAPHS_OF_BLOCKS,
    PAIR_POINTERS,
    /** Of all pairs, the first node of each node's graph. */
    PAIR_COLUMNS,
    /** The edges by columns: pointers, rows, places in the matrix. */
    EDGES_BY_COLUMNS,
    ROWS_OF_EDGES,
    PLACES_OF_EDGES,
    /** The pairs likewise. */
    PAIRS_BY_COLUMNS,
    ROWS_OF_PAIRS,
    PLACES_OF_PAIRS
  }

  KernelArgument.CallTable get(Name name) {
    return new KernelArgument.CallTable(this, name.ordinal());
  }

  @Override
  public Set<Role> reads() {
    Set<Role> graphs = EnumSet.of(Role.GRAPH_POINTERS, Role.ROW_POINTERS, Role.COLUMNS);
    if (operator.pairwise() == Pairwise.GIVEN) {
      graphs.addAll(EnumSet.of(Role.PAIR_POINTERS, Role.PAIR_COLUMNS));
    }
    return graphs;
  }

  @Override
  public List<int[]> of(Arguments arguments) {
    Graphs graphs = operator.graphsOf(arguments.tensors());
    List<int[]> tables = new ArrayList<>();
    tables.add(graphs.graphOfNode());
    addBlocks(tables, graphs);
    boolean allPairs = operator.pairwise() == Pairwise.ALL_PAIRS;
    Sparse pairs = allPairs ? implied(graphs) : operator.pairsOf(graphs, arguments.tensors());
    tables.add(pairs.pointers());
    tables.add(pairs.columns());
    if (transposed) {
      addTransposed(tables, graphs.edges().transposed());
      addTransposed(
          tables, allPairs ? new Sparse.Transposed(pairs, pairs.columns()) : pairs.transposed());
    }
    return tables;
  }

  /** All pairs of different nodes of a graph, as kernels find them without a list. */
  private static Sparse implied(Graphs graphs) {
    return new Sparse(graphs.allPairPointers(), graphs.firstNodes());
  }

  private static void addTransposed(List<int[]> tables, Sparse.Transposed transposed) {
    tables.add(transposed.by().pointers());
    tables.add(transposed.by().columns());
    tables.add(transposed.entries());
  }

  /** Blocks of up to 64 nodes of a graph. */
  private static void addBlocks(List<int[]> tables, Graphs graphs) {
    int[] blocks = new int[graphs.count() + 1];
    for (int graph = 0; graph < graphs.count(); graph++) {
      int nodes = graphs.pointers()[graph + 1] - graphs.pointers()[graph];
      blocks[graph + 1] = blocks[graph] + (nodes + Sums.BLOCK - 1) / Sums.BLOCK;
    }
    int[] graphsOfBlocks = new int[blocks[graphs.count()]];
    for (int graph = 0; graph < graphs.count(); graph++) {
      Arrays.fill(graphsOfBlocks, blocks[graph], blocks[graph + 1], graph);
    }
    tables.add(blocks);
    tables.add(graphsOfBlocks);
  }
}
