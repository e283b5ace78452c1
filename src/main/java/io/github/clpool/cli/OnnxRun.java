package io.github.clpool.cli;

import io.github.clpool.Pass;
import io.github.clpool.Pooling;
import io.github.clpool.io.NpyArray;
import io.github.clpool.io.NpyTensors;
import io.github.clpool.op.Inputs;
import io.github.clpool.op.MaxUnpool;
import io.github.clpool.op.OnnxNode;
import io.github.clpool.op.Operator;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Excerpt;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.nio.LongBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs the nodes of a graph one after the other; arrays go from one to the next. */
final class OnnxRun {
  private final OnnxGraph graph;
  private final Map<OnnxGraph.Node, OnnxNode> operators = new HashMap<>();
  private final Map<String, NpyArray> values;

  /**
   * Finds out what each node computes.
   *
   * @param graph the graph
   * @throws IllegalArgumentException naming the first node that cannot be run
   */
  OnnxRun(OnnxGraph graph) {
    this.graph = graph;
    this.values = new HashMap<>(graph.constants());
    for (OnnxGraph.Node node : graph.nodes()) {
      try {
        if (!isIdentity(node) && !isConstant(node)) {
          operators.put(node, OnnxNode.of(node.type(), graph.opset(), node.attributes()));
        }
      } catch (IllegalArgumentException refused) {
        throw new IllegalArgumentException(node + ": " + refused.getMessage(), refused);
      }
    }
  }

  private static boolean isIdentity(OnnxGraph.Node node) {
    return node.type().equals("Identity");
  }

  private static boolean isConstant(OnnxGraph.Node node) {
    return node.type().equals("Constant") && node.attributes().get("value") instanceof NpyArray;
  }

  /** Gives the value of a name. */
  void put(String name, NpyArray value) {
    values.put(name, value);
  }

  /** The value of a name, once it is computed. */
  NpyArray get(String name) {
    NpyArray value = values.get(name);
    Require.that(
        value != null, "value '%s' is missing: no input and no node gives it", Excerpt.of(name));
    return value;
  }

  /**
   * Runs a node.
   *
   * @return one line that says what was done
   */
  String run(OnnxGraph.Node node, Pooling pooling) {
    try {
      if (isConstant(node)) {
        put(node.outputs().get(0), (NpyArray) node.attributes().get("value"));
        return node.name() + ": constant";
      }
      if (isIdentity(node)) {
        put(node.outputs().get(0), input(node, 0));
        return node.name() + ": identity";
      }
      return pool(node, operators.get(node), pooling);
    } catch (IllegalArgumentException | IndexOutOfBoundsException refused) {
      throw new IllegalArgumentException(node + ": " + refused.getMessage(), refused);
    }
  }

  private NpyArray input(OnnxGraph.Node node, int index) {
    Require.that(has(node, index), "input %d is missing", index);
    return get(node.inputs().get(index));
  }

  private static boolean has(OnnxGraph.Node node, int index) {
    return node.inputs().size() > index && !node.inputs().get(index).isEmpty();
  }

  private String pool(OnnxGraph.Node node, OnnxNode pool, Pooling pooling) {
    Deque<Tensor> open = new ArrayDeque<>();
    try {
      Tensor x = NpyTensors.tensor(pooling, input(node, 0), Layout.NCHW, true, Optional.empty());
      open.push(x);
      Operator operator = pool.operator();
      Inputs inputs = Inputs.of(x);
      switch (node.type()) {
        case "MaxRoiPool" -> {
          open.push(NpyTensors.parameter(pooling, input(node, 1), x.type()));
          inputs = inputs.rois(open.peek());
        }
        case "RoiAlign" -> {
          Tensor rois = NpyTensors.parameter(pooling, input(node, 1), x.type());
          open.push(rois);
          open.push(NpyTensors.parameter(pooling, input(node, 2), DataType.INT32));
          inputs = inputs.rois(rois, open.peek());
        }
        case "MaxUnpool" -> {
          Shape output = operator.outputShape(x.shape());
          if (has(node, 2)) {
            long[] sizes = longs(input(node, 2));
            int[] spatial = Arrays.stream(sizes).skip(2).mapToInt(OnnxRun::size).toArray();
            operator = MaxUnpool.to(spatial);
            output = operator.outputShape(x.shape());
          }
          int[] positions = pool.positions(longs(input(node, 1)), x.shape(), output);
          open.push(pooling.indices(x.shape(), positions));
          inputs = inputs.positions(open.peek());
        }
        default -> {
          // the input is all that it is given
        }
      }
      return store(node, pool, pooling, operator, inputs);
    } finally {
      open.forEach(Tensor::close);
    }
  }

  private String store(
      OnnxGraph.Node node, OnnxNode pool, Pooling pooling, Operator operator, Inputs inputs) {
    List<String> outputs = node.outputs();
    boolean hasIndices = outputs.size() > 1 && !outputs.get(1).isEmpty();
    Require.that(
        !hasIndices || operator.hasIndices(),
        "there is a second output, but %s selects no cells",
        operator);
    try (Pass pass = pooling.forward(operator, inputs)) {
      Tensor y = pass.output();
      put(outputs.get(0), NpyTensors.array(y));
      if (hasIndices) {
        int[] inPlanes = pass.indices().toInts();
        long[] indices = pool.indices(inPlanes, y.shape(), inputs.x().shape());
        put(outputs.get(1), NpyTensors.array(y, indices));
      }
      return "%s: %s: %s -> %s%s"
          .formatted(
              node.name(),
              operator,
              inputs.x(),
              y.shape(),
              y.producer().map(producer -> " by " + producer).orElse(""));
    }
  }

  private static int size(long size) {
    Require.that(size == (int) size, "output_shape has %d, but must be below 2^31", size);
    return (int) size;
  }

  private static long[] longs(NpyArray array) {
    Require.that(
        array.buffer() instanceof LongBuffer,
        "elements are %s, but must be <i8",
        array.type().text());
    LongBuffer elements = (LongBuffer) array.buffer();
    long[] longs = new long[elements.remaining()];
    elements.get(longs);
    return longs;
  }
}
