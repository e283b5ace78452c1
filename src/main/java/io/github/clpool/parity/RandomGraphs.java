package io.github.clpool.parity;

import io.github.clpool.op.CrfPool;
import io.github.clpool.op.Role;
import io.github.clpool.op.Sparse;
import io.github.clpool.tensor.Shape;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * Graphs of cases: some, of which some are empty, with any directed edges; of many nodes one
 * network, with eight edges for each node and 64 clusters. Stateless.
 */
final class RandomGraphs implements TestInputs.Parameter {
  private static final int MANY_NODES = 1000;
  private static final int EDGES_OF_NETWORK = 8;
  private static final int CLUSTERS_OF_NETWORK = 64;
  private static final int[] CLUSTERS = {1, 2, 3, 4, 7, 8, 9, 16, 21, 67};

  private RandomGraphs() {}

  /** How a case's tensors come about that are not numbers by its recipe. */
  static Map<Role, TestInputs.Parameter> parameters() {
    Map<Role, TestInputs.Parameter> parameters = new EnumMap<>(Role.class);
    for (Role role : CrfPool.given().parameters()) {
      parameters.put(role, new RandomGraphs());
    }
    return parameters;
  }

  /** Numbers of nodes and features. */
  static int[] sizes(SplittableRandom random, int work) {
    int most = Math.min(work / 300, random.nextInt(4) == 0 ? 170 : 40);
    int nodes = random.nextInt(30) == 0 ? 0 : 1 + random.nextInt(most);
    int features = 1 + random.nextInt(random.nextInt(5) == 0 ? Math.min(140, work / 100) : 9);
    return new int[] {nodes, features};
  }

  static CrfPool operator(SplittableRandom random, int... sizes) {
    CrfPool pool =
        switch (random.nextInt(4)) {
          case 0 -> CrfPool.allPairs();
          case 1 -> CrfPool.given();
          default -> CrfPool.edges(1 + random.nextInt(3));
        };
    CrfPool.Normalization[] normalizations = CrfPool.Normalization.values();
    if (random.nextInt(3) == 0) {
      pool = pool.normalization(normalizations[random.nextInt(normalizations.length)]);
    }
    pool = random.nextBoolean() ? pool.steps(random.nextInt(4)) : pool;
    pool = random.nextInt(3) == 0 ? pool.compatibility() : pool;
    return random.nextInt(6) == 0 ? pool.hard() : pool;
  }

  @Override
  public Shape shape(Case subject, Role role, Map<Role, Shape> given) {
    int nodes = nodes(subject);
    return switch (role) {
      case LOGITS -> Shape.array(nodes, clusters(subject));
      case GRAPH_POINTERS -> Shape.array(pointers(subject).length);
      case COLUMNS -> Shape.array(edges(subject).entries());
      case PAIR_COLUMNS -> Shape.array(pairs(subject).entries());
      default -> subject.operator().shapeOf(role, given);
    };
  }

  @Override
  public Elements elements(Case subject, Role role, Shape shape, boolean subnormals) {
    return switch (role) {
      case GRAPH_POINTERS -> elements(subject, role, shape, pointers(subject));
      case ROW_POINTERS -> elements(subject, role, shape, edges(subject).pointers());
      case COLUMNS -> elements(subject, role, shape, edges(subject).columns());
      case PAIR_POINTERS -> elements(subject, role, shape, pairs(subject).pointers());
      case PAIR_COLUMNS -> elements(subject, role, shape, pairs(subject).columns());
      default -> TestInputs.byRecipe(subject, role, shape, subnormals);
    };
  }

  private static Elements elements(Case subject, Role role, Shape shape, int... values) {
    Elements elements = Elements.room(subject.operator().typeOf(role, subject.type()), shape);
    for (int i = 0; i < values.length; i++) {
      elements.set(i, values[i]);
    }
    return elements;
  }

  private static int nodes(Case subject) {
    return (int) subject.shape().sizes()[0];
  }

  private static SplittableRandom random(Case subject, Role role) {
    return new SplittableRandom(TestInputs.seed(subject, role));
  }

  private static int clusters(Case subject) {
    return nodes(subject) < MANY_NODES
        ? CLUSTERS[random(subject, Role.LOGITS).nextInt(CLUSTERS.length)]
        : CLUSTERS_OF_NETWORK;
  }

  private static int[] pointers(Case subject) {
    int nodes = nodes(subject);
    SplittableRandom random = random(subject, Role.GRAPH_POINTERS);
    int graphs = nodes < MANY_NODES ? random.nextInt(5) : 1;
    if (graphs == 0 && nodes > 0) {
      graphs = 1;
    }
    int[] pointers = new int[graphs + 1];
    for (int i = 1; i < graphs; i++) {
      pointers[i] = random.nextInt(nodes + 1);
    }
    pointers[graphs] = nodes;
    Arrays.sort(pointers);
    return pointers;
  }

  private static Sparse edges(Case subject) {
    int nodes = nodes(subject);
    SplittableRandom random = random(subject, Role.COLUMNS);
    return nodes < MANY_NODES ? entries(subject, random, true) : network(random, nodes);
  }

  private static Sparse pairs(Case subject) {
    return entries(subject, random(subject, Role.PAIR_COLUMNS), false);
  }

  /** A share of all entries within graphs, from none to most. */
  private static Sparse entries(Case subject, SplittableRandom random, boolean diagonal) {
    int[] graphs = pointers(subject);
    int share = random.nextInt(5) * random.nextInt(5); // of 20
    int[] rows = new int[nodes(subject) + 1];
    int[] columns = new int[nodes(subject) * nodes(subject)];
    int count = 0;
    for (int graph = 0; graph + 1 < graphs.length; graph++) {
      for (int row = graphs[graph]; row < graphs[graph + 1]; row++) {
        for (int column = graphs[graph]; column < graphs[graph + 1]; column++) {
          if (random.nextInt(20) < share && (diagonal || column != row)) {
            columns[count++] = column;
          }
        }
        rows[row + 1] = count;
      }
    }
    return new Sparse(rows, Arrays.copyOf(columns, count));
  }

  private static Sparse network(SplittableRandom random, int nodes) {
    TreeSet<Long> entries = new TreeSet<>();
    while (entries.size() < 2 * EDGES_OF_NETWORK * nodes) {
      long from = random.nextInt(nodes);
      long to = random.nextInt(nodes);
      if (from != to) {
        entries.add(from * nodes + to);
        entries.add(to * nodes + from);
      }
    }
    int[] rows = new int[nodes + 1];
    entries.forEach(entry -> rows[(int) (entry / nodes) + 1]++);
    Arrays.parallelPrefix(rows, Integer::sum);
    return new Sparse(rows, entries.stream().mapToInt(entry -> (int) (entry % nodes)).toArray());
  }
}
