package io.github.clpool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.clpool.op.CrfPool;
import io.github.clpool.op.Graphs;
import io.github.clpool.op.Role;
import io.github.clpool.op.Sparse;
import io.github.clpool.tensor.DataType;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** CrfPool: numbers from outside, gradients by differences, and what happens at the edges. */
class CrfPoolTest extends OnEveryDevice {
  CrfPoolTest(String device) {
    super(device);
  }

  private static final long SEED = 11;
  private static final double[][] X = {{1, 2}, {.5, 1}, {2, .5}, {1, 1}};
  private static final double[][] LOGITS = {{.2, -.1}, {.4, .3}, {-.5, .6}, {0, .1}};
  private static final Graphs DIAMOND =
      Graphs.dense(new double[][] {{0, 1, 0, 0}, {1, 0, 1, 1}, {0, 1, 0, 1}, {0, 1, 1, 0}});

  /** Computed with NumPy by the authors' loop, 9 digits. */
  private static void checkGolden(CrfPool operator, double[] s, double[] x, double[] a) {
    for (DataType type : List.of(DataType.FLOAT32, DataType.FLOAT64)) {
      if (pooling().refusal(type).isEmpty()) {
        double error = type == DataType.FLOAT32 ? 2e-6 : 2e-9;
        Map<Role, double[]> results =
            new CrfCall(operator, DIAMOND, X, LOGITS).type(type).run(pooling());
        assertArrayEquals(s, results.get(Role.ASSIGNMENT), error, "assignment");
        assertArrayEquals(x, results.get(Role.OUTPUT), error, "features");
        assertArrayEquals(a, results.get(Role.POOLED_ADJACENCY), error, "adjacency");
      }
    }
  }

  @Test
  void oneStepOverAllPairs() {
    checkGolden(
        CrfPool.allPairs().steps(1),
        of(
            .530065455,
            .469934545,
            .504386010,
            .495613990,
            .260508165,
            .739491835,
            .449115771,
            .550884229),
        of(1.752390560, 2.143886774, 2.747609440, 2.356113226),
        of(1.484560622, 1.977910735, 1.977910735, 2.559617908));
  }

  @Test
  void fiveStepsOverAllPairs() {
    checkGolden(
        CrfPool.allPairs(),
        of(
            .515645129,
            .484354871,
            .484578174,
            .515421826,
            .242318348,
            .757681652,
            .431593441,
            .568406559),
        of(1.674164353, 2.068621046, 2.825835647, 2.431378954),
        of(1.362032657, 1.955170571, 1.955170571, 2.727626200));
  }

  @Test
  void fiveStepsOverEdges() {
    checkGolden(
        CrfPool.edges(1),
        of(
            .569268542,
            .430731458,
            .488302673,
            .511697327,
            .223430756,
            .776569244,
            .388676337,
            .611323663),
        of(1.648957728, 2.127231471, 2.851042272, 2.372768529),
        of(1.327422256, 1.930968490, 1.930968490, 2.810640763));
  }

  @Test
  void gradientsAreDifferences() {
    if (pooling().refusal(DataType.FLOAT64).isPresent()) {
      return;
    }
    SplittableRandom random = new SplittableRandom(SEED);
    for (String text :
        List.of(
            "",
            " edges=1 steps=3 compatibility",
            " edges=2 normalization=ROW_SUM_ABS steps=2",
            " given steps=4 compatibility normalization=ROW_SUM_ABS",
            " given normalization=NONE",
            " normalization=NONE compatibility steps=2",
            " steps=0")) {
      CrfCall call = RandomCrf.call("crf_pool" + text, random, 9, 3, 3);
      if (TestDevices.isSimulator()) {
        assertSameBits(call); // hundreds of calls would take minutes
      } else {
        checkDifferences(call);
      }
    }
  }

  private static void checkDifferences(CrfCall call) {
    Map<Role, double[]> analytic = call.run(pooling());
    Map<Role, Role> inputs =
        Map.of(
            Role.GRAD_INPUT, Role.INPUT,
            Role.GRAD_LOGITS, Role.LOGITS,
            Role.GRAD_ADJACENCY, Role.ADJACENCY,
            Role.GRAD_PAIRS, Role.PAIRS,
            Role.GRAD_COMPATIBILITY, Role.COMPATIBILITY);
    for (Role gradient : call.operator.gradients()) {
      double[] values = call.given.get(inputs.get(gradient));
      for (int i = 0; i < values.length; i++) {
        double old = values[i];
        double step = 1e-5;
        values[i] = old + step;
        double above = loss(call);
        values[i] = old - step;
        double below = loss(call);
        values[i] = old;
        int at = i;
        assertEquals(
            (above - below) / (2 * step),
            analytic.get(gradient)[i],
            1e-6,
            () -> call.operator + " " + gradient + " " + at);
      }
    }
  }

  private static double loss(CrfCall call) {
    Map<Role, double[]> saved = new EnumMap<>(call.given);
    double[] none = call.given.remove(Role.GRAD_OUTPUT);
    Map<Role, double[]> results = call.run(pooling());
    call.given.put(Role.GRAD_OUTPUT, none);
    return dot(results.get(Role.OUTPUT), saved.get(Role.GRAD_OUTPUT))
        + dot(results.get(Role.ASSIGNMENT), saved.get(Role.GRAD_ASSIGNMENT))
        + dot(results.get(Role.POOLED_ADJACENCY), saved.get(Role.GRAD_POOLED_ADJACENCY));
  }

  private static double dot(double[] a, double... b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** Sums of more than 64 terms; halves are rounded once. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "crf_pool",
        "crf_pool given compatibility",
        "crf_pool edges=3 normalization=ROW_SUM_ABS"
      })
  void longSumsHaveTheBitsOfTheReference(String text) {
    SplittableRandom random = new SplittableRandom(SEED);
    CrfCall call =
        TestDevices.isSimulator()
            ? RandomCrf.call(text, random, 70, 66, 3)
            : RandomCrf.call(text, random, 190, 70, 66);
    assertSameBits(call.type(DataType.FLOAT32));
    assertSameBits(call.type(DataType.FLOAT16));
  }

  @Test
  void manyNodesHaveTheBitsOfTheReference() {
    int nodes = 4200;
    int[] pointers = new int[nodes + 1];
    Arrays.setAll(pointers, i -> Math.max(0, i - 1));
    int[] columns = new int[nodes - 1];
    Arrays.setAll(columns, i -> i);
    SplittableRandom random = new SplittableRandom(SEED);
    CrfCall call =
        RandomCrf.call(
            "crf_pool edges=1 steps=1 compatibility",
            random,
            Graphs.of(new Sparse(pointers, columns)),
            2,
            2);
    assertSameBits(call.type(DataType.FLOAT32));
  }

  private static void assertSameBits(CrfCall call) {
    Map<Role, double[]> found = call.run(pooling());
    try (Pooling reference = Pooling.open(DevicePolicy.REFERENCE)) {
      call.run(reference)
          .forEach(
              (role, expected) ->
                  assertArrayEquals(
                      expected, found.get(role), role + " of " + call.operator + " seed " + SEED));
    }
  }

  @Test
  void nodesWithoutPairsKeepTheirLogits() {
    Graphs graphs = new Graphs(new int[] {0, 0, 1, 3, 3}, new Sparse(new int[4], new int[0]));
    double[][] x = {{1}, {2}, {3}};
    double[][] logits = {{0, 0}, {Math.log(3), 0}, {0, Math.log(3)}};
    Map<Role, double[]> results =
        new CrfCall(CrfPool.edges(1), graphs, x, logits).type(DataType.FLOAT32).run(pooling());
    assertArrayEquals(of(.5, .5, .75, .25, .25, .75), results.get(Role.ASSIGNMENT), 1e-6);
    assertArrayEquals(
        of(0, 0, .5, .5, 2 * .75 + 3 * .25, 2 * .25 + 3 * .75, 0, 0),
        results.get(Role.OUTPUT),
        1e-6);
    assertArrayEquals(new double[16], results.get(Role.POOLED_ADJACENCY));
  }

  @Test
  void rowSumsOfZeroSendNothingAndNegativeOnesTurnTheSign() {
    // k_01 = 1, k_02 = -1 (sum 0), k_10 = 1, k_12 = -1, k_20 = -1, k_21 = -1 (sum -2)
    Graphs graph = Graphs.of(new Sparse(new int[4], new int[0]));
    double[][] x = {{1, 0}, {1, 0}, {-1, 0}};
    double[][] logits = {{1, 0}, {0, 0}, {0, 0}};
    Map<Role, double[]> results =
        new CrfCall(CrfPool.allPairs().steps(1), graph, x, logits)
            .type(DataType.FLOAT32)
            .run(pooling());
    double[] s = results.get(Role.ASSIGNMENT);
    double first = 1 / (1 + Math.exp(-1));
    assertEquals(first, s[0], 1e-6);
    assertEquals(.5, s[2], 1e-6); // row 1: 1 - 1 = 0
    double message = (first + .5) / 2 - ((1 - first) + .5) / 2; // -1 / -2 = 1/2 of both
    assertEquals(1 / (1 + Math.exp(-message)), s[4], 1e-6);
  }

  @Test
  void hardTakesTheFirstOfEqualClustersAndLetsNoGradientThrough() {
    Graphs graph = Graphs.of(new Sparse(new int[] {0, 1, 2}, new int[] {1, 0}));
    double[][] x = {{3}, {5}};
    double[][] logits = {{1, 1, 0}, {0, 1, 1}};
    CrfCall call = new CrfCall(CrfPool.allPairs().steps(0).hard(), graph, x, logits);
    call.type(DataType.FLOAT32).with(Role.GRAD_OUTPUT, 10, 20, 30);
    call.with(Role.GRAD_POOLED_ADJACENCY, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    Map<Role, double[]> results = call.run(pooling());
    assertArrayEquals(of(1, 0, 0, 0, 1, 0), results.get(Role.ASSIGNMENT));
    assertArrayEquals(of(3, 5, 0), results.get(Role.OUTPUT));
    assertArrayEquals(of(0, 1, 0, 1, 0, 0, 0, 0, 0), results.get(Role.POOLED_ADJACENCY));
    assertArrayEquals(of(10, 20), results.get(Role.GRAD_INPUT));
    assertArrayEquals(of(2, 4), results.get(Role.GRAD_ADJACENCY));
    assertArrayEquals(new double[6], results.get(Role.GRAD_LOGITS));
  }

  @Test
  void graphsAreIndependent() {
    SplittableRandom random = new SplittableRandom(3);
    CrfCall both = RandomCrf.call("crf_pool edges=2", random, 17, 5, 4);
    both.type(DataType.FLOAT32);
    Map<Role, double[]> results = both.run(pooling());
    Graphs graphs = both.graphs;
    for (int graph = 0; graph < graphs.count(); graph++) {
      int first = graphs.pointers()[graph];
      int end = graphs.pointers()[graph + 1];
      if (first < end) {
        int start = graphs.edges().first(first);
        int last = graphs.edges().pointers()[end];
        int[] pointers = Arrays.copyOfRange(graphs.edges().pointers(), first, end + 1);
        int[] columns = Arrays.copyOfRange(graphs.edges().columns(), start, last);
        Graphs alone =
            Graphs.of(
                new Sparse(
                    Arrays.stream(pointers).map(pointer -> pointer - start).toArray(),
                    Arrays.stream(columns).map(column -> column - first).toArray()));
        CrfCall one =
            new CrfCall(
                both.operator,
                alone,
                null,
                Arrays.copyOfRange(both.given.get(Role.INPUT), first * 5, end * 5),
                5,
                Arrays.copyOfRange(both.given.get(Role.LOGITS), first * 4, end * 4),
                4);
        one.type(DataType.FLOAT32);
        one.with(Role.ADJACENCY, Arrays.copyOfRange(both.given.get(Role.ADJACENCY), start, last));
        assertArrayEquals(
            Arrays.copyOfRange(results.get(Role.ASSIGNMENT), first * 4, end * 4),
            one.run(pooling()).get(Role.ASSIGNMENT));
      }
    }
  }
}
