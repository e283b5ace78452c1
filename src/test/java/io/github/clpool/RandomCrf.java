package io.github.clpool;

import io.github.clpool.op.CrfPool;
import io.github.clpool.op.Graphs;
import io.github.clpool.op.Operators;
import io.github.clpool.op.Role;
import io.github.clpool.op.Sparse;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Small random calls of {@link CrfPool} whose row sums are far from zero. */
final class RandomCrf {
  private RandomCrf() {}

  /** Three graphs, one of them empty, directed edges. */
  static CrfCall call(String text, SplittableRandom random, int nodes, int features, int clusters) {
    int[] graphs = {0, nodes / 3, nodes / 3, nodes};
    return call(text, random, new Graphs(graphs, sparse(random, graphs, true)), features, clusters);
  }

  static CrfCall call(
      String text, SplittableRandom random, Graphs graphs, int features, int clusters) {
    CrfPool operator = (CrfPool) Operators.parse(text);
    int nodes = graphs.nodes();
    boolean given = operator.pairwise() == CrfPool.Pairwise.GIVEN;
    Sparse pairs = given ? sparse(random, graphs.pointers(), false) : graphs.edges();
    CrfCall call =
        new CrfCall(
            operator,
            graphs,
            pairs,
            numbers(random, nodes * features, 0.2),
            features,
            numbers(random, nodes * clusters, -1),
            clusters);
    call.with(Role.ADJACENCY, numbers(random, graphs.edges().entries(), -1));
    call.with(Role.PAIRS, numbers(random, pairs.entries(), 0.2));
    call.with(Role.COMPATIBILITY, numbers(random, clusters * clusters, -1));
    for (Role role : operator.incomingGradients()) {
      call.with(role, numbers(random, (int) call.shape(role).elements(), -1));
    }
    return call;
  }

  private static double[] numbers(SplittableRandom random, int count, double least) {
    return random.doubles(count, least, 1).toArray();
  }

  private static Sparse sparse(SplittableRandom random, int[] graphs, boolean diagonal) {
    int nodes = graphs[graphs.length - 1];
    int[] pointers = new int[nodes + 1];
    int[] columns = new int[nodes * nodes];
    int count = 0;
    for (int graph = 0; graph + 1 < graphs.length; graph++) {
      for (int row = graphs[graph]; row < graphs[graph + 1]; row++) {
        for (int column = graphs[graph]; column < graphs[graph + 1]; column++) {
          if (random.nextInt(5) < 2 && (diagonal || column != row)) {
            columns[count++] = column;
          }
        }
        pointers[row + 1] = count;
      }
    }
    return new Sparse(pointers, Arrays.copyOf(columns, count));
  }
}
