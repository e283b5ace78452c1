package io.github.clpool.cli;

import io.github.clpool.Gradients;
import io.github.clpool.Pass;
import io.github.clpool.Pooling;
import io.github.clpool.op.CrfPool;
import io.github.clpool.op.Graphs;
import io.github.clpool.op.Inputs;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Operators;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The karate club pooled into four groups, forward and backward. The features of a member are whom
 * it met, so pairs weigh as many friends as they share; four members start as their group's heads.
 * Immutable.
 *
 * @param operator the operator
 * @param implementation what computed it
 * @param seconds how long a forward call took
 * @param results every result and gradient
 * @param differences how many elements of them differ from the reference's
 */
record ClubExhibit(
    CrfPool operator,
    String implementation,
    double seconds,
    Map<Role, float[]> results,
    long differences) {
  /** The instructor, a friend of his, a friend of the president, the president. */
  private static final int[] HEADS = {0, 5, 24, 33};

  static final int GROUPS = HEADS.length;
  private static final float HEAD_LOGIT = 4;
  private static final float AGREEMENT = -4;

  static ClubExhibit make(Pooling device, Pooling reference) {
    CrfPool operator = (CrfPool) Operators.parse("crf_pool edges=1 steps=10 compatibility");
    try (Call right = new Call(reference, operator);
        Call ours = new Call(device, operator)) {
      Map<Role, float[]> expected = right.train();
      Map<Role, float[]> found = ours.train();
      long differences =
          found.keySet().stream()
              .mapToLong(role -> differences(expected.get(role), found.get(role)))
              .sum();
      double seconds = Timing.few(ours::run);
      return new ClubExhibit(operator, ours.implementation(), seconds, found, differences);
    }
  }

  private static long differences(float[] right, float... found) {
    return IntStream.range(0, found.length)
        .filter(i -> Float.floatToIntBits(right[i]) != Float.floatToIntBits(found[i]))
        .count();
  }

  boolean matches() {
    return differences == 0;
  }

  /** The group that a member belongs to most. */
  int group(int member) {
    float[] assignment = results.get(Role.ASSIGNMENT);
    return IntStream.range(0, GROUPS)
        .reduce(
            0,
            (best, group) ->
                assignment[member * GROUPS + group] > assignment[member * GROUPS + best]
                    ? group
                    : best);
  }

  /** How many members are in one of the groups of the side that they took when the club split. */
  long onTheirSide() {
    return IntStream.range(0, KarateClub.MEMBERS)
        .filter(member -> group(member) < GROUPS / 2 == KarateClub.stayedWithInstructor(member))
        .count();
  }

  /** The club on one device. */
  private static final class Call implements AutoCloseable {
    private final Pooling pooling;
    private final Operator operator;
    private final Inputs inputs;

    Call(Pooling pooling, CrfPool operator) {
      this.pooling = pooling;
      this.operator = operator;
      double[][] adjacency = KarateClub.adjacency();
      Graphs graph = KarateClub.graph();
      int members = KarateClub.MEMBERS;
      float[] features = new float[members * members];
      float[] logits = new float[members * GROUPS];
      float[] compatibility = new float[GROUPS * GROUPS];
      for (int i = 0; i < members; i++) {
        for (int j = 0; j < members; j++) {
          features[i * members + j] = i == j ? 1 : (float) adjacency[i][j];
        }
      }
      for (int group = 0; group < GROUPS; group++) {
        logits[HEADS[group] * GROUPS + group] = HEAD_LOGIT;
        compatibility[group * GROUPS + group] = AGREEMENT;
      }
      double[] values = Graphs.values(adjacency);
      float[] ones = new float[values.length];
      IntStream.range(0, ones.length).forEach(i -> ones[i] = (float) values[i]);
      this.inputs =
          Inputs.of(pooling.tensor(Shape.array(members, members), features))
              .logits(pooling.tensor(Shape.array(members, GROUPS), logits))
              .compatibility(pooling.tensor(Shape.array(GROUPS, GROUPS), compatibility))
              .graphs(
                  indices(graph.pointers()),
                  indices(graph.edges().pointers()),
                  indices(graph.edges().columns()),
                  pooling.tensor(Shape.array(ones.length), ones));
    }

    private Tensor indices(int... values) {
      return pooling.indices(Shape.array(values.length), values);
    }

    /** Results, and gradients where each result is its own gradient. */
    Map<Role, float[]> train() {
      Map<Role, float[]> numbers = new EnumMap<>(Role.class);
      try (Pass pass = pooling.forward(operator, inputs);
          Gradients gradients =
              pass.gradients(
                  Map.of(
                      Role.GRAD_OUTPUT, pass.output(),
                      Role.GRAD_ASSIGNMENT, pass.result(Role.ASSIGNMENT),
                      Role.GRAD_POOLED_ADJACENCY, pass.result(Role.POOLED_ADJACENCY)))) {
        operator.results().forEach(role -> numbers.put(role, pass.result(role).toFloats()));
        operator.gradients().forEach(role -> numbers.put(role, gradients.get(role).toFloats()));
      }
      return numbers;
    }

    void run() {
      pooling.run(operator, inputs).close();
      pooling.finish();
    }

    String implementation() {
      try (Tensor pooled = pooling.run(operator, inputs)) {
        return pooled.producer().orElseThrow().implementation();
      }
    }

    @Override
    public void close() {
      inputs.tensors().values().forEach(Tensor::close);
    }
  }
}
