package io.github.clpool.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.clpool.Pass;
import io.github.clpool.Pooling;
import io.github.clpool.TestDevices;
import io.github.clpool.io.NpyTensors;
import io.github.clpool.op.Inputs;
import io.github.clpool.op.MaxUnpool;
import io.github.clpool.op.OnnxNode;
import io.github.clpool.op.Operator;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** ONNX's own backend tests of pooling nodes, on every device. */
class OnnxConformanceTest {
  private static final int CASES = 73;

  private static final double USUAL_TOLERANCE = 1e-5;

  private static final Set<String> EXACT =
      Set.of("MaxPool", "GlobalMaxPool", "MaxUnpool", "MaxRoiPool");

  @ParameterizedTest
  @MethodSource("io.github.clpool.TestDevices#all")
  void nodesGiveWhatOnnxGives(String device) throws IOException {
    List<String> wrong = new ArrayList<>();
    int number = 0;
    try (Pooling pooling = TestDevices.open(device)) {
      for (JsonObject node : ConformanceFile.read("onnx")) {
        String name = node.get("name").getAsString();
        List<ConformanceArray> inputs = arrays(node, "in");
        if (ConformanceFile.takes(device, number, 1, inputs.get(0))
            && (!inputs.get(0).isByte() || pooling.refusal(DataType.UINT8).isEmpty())) {
          String difference = difference(pooling, node, inputs, arrays(node, "out"));
          if (!difference.isEmpty()) {
            wrong.add(name + ": " + difference);
          }
        }
        number++;
      }
    }
    assertEquals("", String.join("\n", wrong));
    assertEquals(CASES, number);
  }

  private static List<ConformanceArray> arrays(JsonObject node, String key) {
    return node.getAsJsonArray(key).asList().stream()
        .map(each -> ConformanceArray.of(each.getAsJsonObject()))
        .toList();
  }

  private static Map<String, Object> attributes(JsonObject json) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    json.entrySet().forEach(each -> attributes.put(each.getKey(), value(each.getValue())));
    return attributes;
  }

  private static Object value(JsonElement json) {
    if (json.isJsonArray()) {
      return json.getAsJsonArray().asList().stream().map(JsonElement::getAsLong).toList();
    }
    return json.getAsJsonPrimitive().isString() ? json.getAsString() : json.getAsNumber();
  }

  private static String difference(
      Pooling pooling,
      JsonObject json,
      List<ConformanceArray> given,
      List<ConformanceArray> right) {
    String type = json.get("op").getAsString();
    OnnxNode node =
        OnnxNode.of(type, json.get("opset").getAsInt(), attributes(json.getAsJsonObject("attrs")));
    double tolerance =
        json.has("tol")
            ? json.get("tol").getAsDouble()
            : EXACT.contains(type) ? 0 : USUAL_TOLERANCE;
    Deque<Tensor> open = new ArrayDeque<>();
    try {
      Tensor x =
          NpyTensors.tensor(pooling, given.get(0).npy(), Layout.NCHW, true, Optional.empty());
      open.push(x);
      Operator operator = node.operator();
      Inputs inputs = Inputs.of(x);
      if (type.equals("MaxUnpool")) {
        Shape output = operator.outputShape(x.shape());
        if (given.size() == 3) {
          long[] sizes = given.get(2).longs();
          int[] spatial = Arrays.stream(sizes).skip(2).mapToInt(Math::toIntExact).toArray();
          operator = MaxUnpool.to(spatial);
          output = Shape.of(sizes[0], sizes[1], spatial);
        }
        open.push(
            pooling.indices(x.shape(), node.positions(given.get(1).longs(), x.shape(), output)));
        inputs = inputs.positions(open.peek());
      } else if (type.equals("RoiAlign")) {
        Tensor rois = NpyTensors.parameter(pooling, given.get(1).npy(), x.type());
        open.push(rois);
        open.push(NpyTensors.parameter(pooling, given.get(2).npy(), DataType.INT32));
        inputs = inputs.rois(rois, open.peek());
      }
      Pooling chosen = ConformanceFile.withFewPrograms(pooling, operator);
      try (Pass pass = chosen.forward(operator, inputs)) {
        return difference(node, pass, right, tolerance);
      }
    } finally {
      open.forEach(Tensor::close);
    }
  }

  private static String difference(
      OnnxNode node, Pass pass, List<ConformanceArray> right, double tolerance) {
    Shape output = pass.output().shape();
    List<Long> sizes = NpyTensors.sizes(output, Layout.NCHW);
    if (!right.get(0).sizes().equals(sizes)) {
      return "sizes are " + sizes + ", but " + right.get(0).sizes() + " are expected";
    }
    String difference = right.get(0).difference(pass.output().toDoubles(), tolerance);
    if (difference.isEmpty() && right.size() == 2) {
      long[] indices = node.indices(pass.indices().toInts(), output, pass.inputs().x().shape());
      difference = right.get(1).difference(Arrays.stream(indices).asDoubleStream().toArray(), 0);
    }
    return difference;
  }
}
