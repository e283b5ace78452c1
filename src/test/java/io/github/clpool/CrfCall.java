package io.github.clpool;

import io.github.clpool.op.CrfPool;
import io.github.clpool.op.Graphs;
import io.github.clpool.op.Inputs;
import io.github.clpool.op.Role;
import io.github.clpool.op.Sparse;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** A small call of {@link CrfPool} on numbers of the heap, FLOAT64 unless said otherwise. */
final class CrfCall {
  final CrfPool operator;
  final Graphs graphs;
  final Sparse pairs;

  /** What is given, by role, in rows; results come out alike. */
  final Map<Role, double[]> given = new EnumMap<>(Role.class);

  DataType type = DataType.FLOAT64;
  private final int features;
  private final int clusters;

  CrfCall(CrfPool operator, Graphs graphs, double[][] x, double[][] logits) {
    this(operator, graphs, null, flat(x), x[0].length, flat(logits), logits[0].length);
  }

  CrfCall(
      CrfPool operator,
      Graphs graphs,
      Sparse pairs,
      double[] x,
      int features,
      double[] logits,
      int clusters) {
    this.operator = operator;
    this.graphs = graphs;
    this.pairs = pairs;
    this.features = features;
    this.clusters = clusters;
    given.put(Role.INPUT, x);
    given.put(Role.LOGITS, logits);
    double[] ones = new double[graphs.edges().entries()];
    Arrays.fill(ones, 1);
    given.put(Role.ADJACENCY, ones);
  }

  CrfCall with(Role role, double... values) {
    given.put(role, values);
    return this;
  }

  CrfCall type(DataType other) {
    type = other;
    return this;
  }

  static double[] flat(double[]... rows) {
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
  }

  Shape shape(Role role) {
    Map<Role, Shape> known = new EnumMap<>(Role.class);
    known.put(Role.INPUT, Shape.array(graphs.nodes(), features));
    known.put(Role.LOGITS, Shape.array(graphs.nodes(), clusters));
    known.put(Role.GRAPH_POINTERS, Shape.array(graphs.count() + 1));
    known.put(Role.COLUMNS, Shape.array(graphs.edges().entries()));
    if (pairs != null) {
      known.put(Role.PAIR_COLUMNS, Shape.array(pairs.entries()));
    }
    return operator.shapeOf(role, known);
  }

  /** Results, and gradients if any gradient is given that comes in. */
  Map<Role, double[]> run(Pooling pooling) {
    List<Tensor> open = new ArrayList<>();
    Map<Role, double[]> results = new EnumMap<>(Role.class);
    try {
      Inputs inputs = Inputs.of(tensor(pooling, Role.INPUT, open));
      for (Role role : operator.parameters()) {
        inputs = inputs.with(role, tensor(pooling, role, open));
      }
      try (Pass pass = pooling.forward(operator, inputs)) {
        for (Role role : operator.results()) {
          results.put(role, pass.result(role).toDoubles());
        }
        if (given.containsKey(Role.GRAD_OUTPUT)) {
          Map<Role, Tensor> incoming = new EnumMap<>(Role.class);
          for (Role role : operator.incomingGradients()) {
            if (given.containsKey(role)) {
              incoming.put(role, tensor(pooling, role, open));
            }
          }
          try (Gradients gradients = pass.gradients(incoming)) {
            for (Role role : operator.gradients()) {
              results.put(role, gradients.get(role).toDoubles());
            }
          }
        }
      }
      return results;
    } finally {
      open.forEach(Tensor::close);
    }
  }

  private Tensor tensor(Pooling pooling, Role role, List<Tensor> open) {
    Shape shape = shape(role);
    Tensor tensor =
        switch (role) {
          case GRAPH_POINTERS -> pooling.indices(shape, graphs.pointers());
          case ROW_POINTERS -> pooling.indices(shape, graphs.edges().pointers());
          case COLUMNS -> pooling.indices(shape, graphs.edges().columns());
          case PAIR_POINTERS -> pooling.indices(shape, pairs.pointers());
          case PAIR_COLUMNS -> pooling.indices(shape, pairs.columns());
          default ->
              OnEveryDevice.tensor(pooling, shape, operator.typeOf(role, type), given.get(role));
        };
    open.add(tensor);
    return tensor;
  }
}
