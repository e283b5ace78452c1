package io.github.clpool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.clpool.op.CrfPool;
import io.github.clpool.op.CrfPool.Normalization;
import io.github.clpool.op.Graphs;
import io.github.clpool.op.Role;
import io.github.clpool.op.Sparse;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** CrfPool against its formula on dense matrices in PyTorch, gradients by autograd, in FLOAT64. */
class CrfPoolLibtorchTest {
  private static final long SEED = 23;
  private static final int CASES = 8;
  private static final double ERROR = 1e-11;

  @ParameterizedTest
  @CsvSource({
    "crf_pool",
    "crf_pool steps=0",
    "crf_pool edges=1",
    "crf_pool edges=2 steps=3 compatibility",
    "crf_pool edges=3 normalization=ROW_SUM_ABS",
    "crf_pool given compatibility steps=4",
    "crf_pool given normalization=ROW_SUM_ABS",
    "crf_pool given normalization=NONE compatibility",
    "crf_pool normalization=NONE steps=2"
  })
  void resultsAndGradientsAreThoseOfAutograd(String text) {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < CASES; i++) {
      CrfCall call =
          RandomCrf.call(
              text, random, random.nextInt(4, 14), random.nextInt(1, 5), random.nextInt(1, 5));
      Map<Role, double[]> expected = new Formula(call).compute();
      for (String device : new String[] {"reference", "jvm"}) {
        try (Pooling pooling = TestDevices.open(device)) {
          Map<Role, double[]> found = call.run(pooling);
          assertEquals(expected.keySet(), found.keySet());
          expected.forEach(
              (role, theirs) ->
                  assertClose(
                      theirs,
                      found.get(role),
                      role + " of " + text + " on " + device + ", seed " + SEED));
        }
      }
    }
  }

  private static void assertClose(double[] expected, double[] found, String what) {
    assertEquals(expected.length, found.length, what);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], found[i], ERROR * (1 + Math.abs(expected[i])), what + " at " + i);
    }
  }

  /** The formula of one call. */
  private static final class Formula {
    private final CrfCall call;
    private final CrfPool operator;
    private final int nodes;
    private final Map<Role, Tensor> leaves = new EnumMap<>(Role.class);

    Formula(CrfCall call) {
      this.call = call;
      this.operator = call.operator;
      this.nodes = call.graphs.nodes();
      for (Role role : call.given.keySet()) {
        if (role == Role.INPUT || operator.parameters().contains(role)) {
          leaves.put(role, constant(role).set_requires_grad(true));
        }
      }
    }

    private Tensor constant(Role role) {
      return Tensor.create(call.given.get(role).clone(), call.shape(role).sizes());
    }

    /** The values of a sparse matrix in a dense one. */
    private Tensor dense(Sparse sparse, Tensor values) {
      double[] places = new double[nodes * nodes * sparse.entries()];
      for (int row = 0; row < nodes; row++) {
        for (int entry = sparse.first(row); entry < sparse.end(row); entry++) {
          places[(row * nodes + sparse.columns()[entry]) * sparse.entries() + entry] = 1;
        }
      }
      Tensor select = Tensor.create(places, (long) nodes * nodes, sparse.entries());
      return torch.matmul(select, values).view(nodes, nodes);
    }

    private Sparse pairs() {
      return switch (operator.pairwise()) {
        case ALL_PAIRS -> call.graphs.allPairs();
        case EDGES -> call.graphs.within(operator.hops());
        case GIVEN -> call.pairs;
      };
    }

    private Tensor quotients() {
      Sparse pairs = pairs();
      double[] ones = new double[pairs.entries()];
      Arrays.fill(ones, 1);
      Tensor mask = dense(pairs, Tensor.create(ones, pairs.entries()));
      Tensor x = leaves.get(Role.INPUT);
      Tensor weights =
          operator.pairwise() == CrfPool.Pairwise.GIVEN
              ? dense(pairs, leaves.get(Role.PAIRS))
              : torch.matmul(x, x.t()).mul(mask);
      if (operator.normalization() == Normalization.NONE) {
        return weights;
      }
      double[] lonely = new double[nodes];
      for (int row = 0; row < nodes; row++) {
        lonely[row] = pairs.count(row) == 0 ? 1 : 0; // their weights are 0 anyway
      }
      boolean magnitudes = operator.normalization() == Normalization.ROW_SUM_ABS;
      double[] each = new double[nodes];
      Arrays.fill(each, 1);
      Tensor sums =
          torch.matmul(magnitudes ? weights.abs() : weights, Tensor.create(each, nodes, 1));
      return weights.div(sums.add(Tensor.create(lonely, nodes, 1)));
    }

    private Tensor assignment() {
      Tensor logits = leaves.get(Role.LOGITS);
      Tensor q = logits;
      Tensor quotients = operator.steps() > 0 ? quotients() : null;
      for (int step = 0; step < operator.steps(); step++) {
        Tensor messages = torch.matmul(quotients, torch.softmax(q, 1));
        q =
            operator.hasCompatibility()
                ? logits.sub(torch.matmul(messages, leaves.get(Role.COMPATIBILITY)))
                : logits.add(messages);
      }
      return torch.softmax(q, 1);
    }

    /** For each graph the rows of its nodes of a transposed matrix times another one. */
    private Tensor pooled(Tensor s, Tensor right) {
      Graphs graphs = call.graphs;
      TensorVector all = new TensorVector();
      for (int graph = 0; graph < graphs.count(); graph++) {
        double[] members = new double[nodes];
        Arrays.fill(members, graphs.pointers()[graph], graphs.pointers()[graph + 1], 1);
        Tensor own = s.mul(Tensor.create(members, nodes, 1));
        all.push_back(torch.matmul(own.t(), right).unsqueeze(0));
      }
      return torch.cat(all, 0);
    }

    Map<Role, double[]> compute() {
      Map<Role, Tensor> results = new EnumMap<>(Role.class);
      Tensor s = assignment();
      Tensor adjacency = dense(call.graphs.edges(), leaves.get(Role.ADJACENCY));
      results.put(Role.ASSIGNMENT, s);
      results.put(Role.OUTPUT, pooled(s, leaves.get(Role.INPUT)));
      results.put(Role.POOLED_ADJACENCY, pooled(s, torch.matmul(adjacency, s)));
      Tensor loss = Tensor.create(0.0);
      for (Map.Entry<Role, Tensor> result : results.entrySet()) {
        Tensor g = constant(Role.valueOf("GRAD_" + result.getKey().name()));
        loss = loss.add(result.getValue().mul(g).sum());
      }
      loss.backward(new Tensor(), new BoolOptional(), false, new TensorArrayRefOptional());
      Map<Role, double[]> numbers = new EnumMap<>(Role.class);
      results.forEach((role, tensor) -> numbers.put(role, doubles(tensor)));
      for (Role role : operator.gradients()) {
        Tensor leaf = leaves.get(Role.valueOf(role.name().replace("GRAD_", "")));
        Tensor gradient = leaf.grad();
        numbers.put(role, gradient.defined() ? doubles(gradient) : new double[(int) leaf.numel()]);
      }
      return numbers;
    }

    private static double[] doubles(Tensor tensor) {
      double[] doubles = new double[(int) tensor.numel()];
      if (doubles.length > 0) {
        new DoublePointer(tensor.contiguous().data_ptr()).get(doubles);
      }
      return doubles;
    }
  }
}
