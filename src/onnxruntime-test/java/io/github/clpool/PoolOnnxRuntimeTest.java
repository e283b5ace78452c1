package io.github.clpool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.clpool.op.OnnxNode;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random attributes of ONNX's pooling nodes against ONNX Runtime. */
class PoolOnnxRuntimeTest {
  private static final int OPSET = 19;
  private static final int CASES = 600;
  private static final String[] TYPES = {
    "MaxPool",
    "MaxPool",
    "AveragePool",
    "AveragePool",
    "LpPool",
    "GlobalMaxPool",
    "GlobalAveragePool",
    "GlobalLpPool"
  };

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();

  /** A node and its input. */
  private record Node(String type, Map<String, Object> attributes, Shape shape, float[] x) {
    boolean givesIndices() {
      return type.equals("MaxPool");
    }

    byte[] model() {
      int rank = shape.axes() + 2;
      OnnxModel model = new OnnxModel(type, OPSET).input("x", OnnxModel.Type.FLOAT, rank);
      model.output("y", OnnxModel.Type.FLOAT, rank);
      if (givesIndices()) {
        model.output("i", OnnxModel.Type.INT64, rank);
      }
      attributes.forEach(
          (name, value) -> {
            if (value instanceof long[] numbers) {
              model.attribute(name, numbers);
            } else if (value instanceof String text) {
              model.attribute(name, text);
            } else {
              model.attribute(name, ((Number) value).longValue());
            }
          });
      return model.bytes();
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder(type);
      attributes.forEach(
          (name, value) ->
              text.append(' ')
                  .append(name)
                  .append('=')
                  .append(value instanceof long[] all ? Arrays.toString(all) : value));
      return text + " on " + shape;
    }
  }

  private static Node draw(SplittableRandom random) {
    String type = TYPES[random.nextInt(TYPES.length)];
    int axes = random.nextInt(1, 4);
    int[] spatial = random.ints(axes, 1, axes == 3 ? 7 : 12).toArray();
    Shape shape = Shape.of(random.nextInt(1, 3), random.nextInt(1, 3), spatial);
    float[] x = new float[(int) shape.elements()];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextInt(-40, 41) / 8f; // ties, too
    }
    Map<String, Object> attributes = new LinkedHashMap<>();
    if (type.endsWith("LpPool")) {
      attributes.put("p", (long) random.nextInt(1, 5));
    }
    if (!type.startsWith("Global")) {
      windows(random, type, axes, attributes);
    }
    return new Node(type, attributes, shape, x);
  }

  private static void windows(
      SplittableRandom random, String type, int axes, Map<String, Object> attributes) {
    long[] kernel = random.longs(axes, 1, 5).toArray();
    attributes.put("kernel_shape", kernel);
    boolean counts = type.equals("AveragePool") && random.nextBoolean();
    // ONNX Runtime's SAME_* has other sizes where strides are longer than windows, or with dilation
    boolean alike = counts && axes > 1;
    boolean same = !alike && random.nextInt(4) == 0;
    if (random.nextBoolean()) {
      attributes.put(
          "strides",
          Arrays.stream(kernel).map(k -> random.nextLong(1, (same ? k : 4) + 1)).toArray());
    }
    if (!same && random.nextInt(3) == 0) {
      attributes.put("dilations", random.longs(axes, 1, 4).toArray());
    }
    if (same) {
      attributes.put("auto_pad", random.nextBoolean() ? "SAME_UPPER" : "SAME_LOWER");
    } else if (random.nextInt(6) == 0) {
      attributes.put("auto_pad", "VALID");
    } else if (random.nextInt(3) > 0) {
      attributes.put("pads", pads(random, kernel, alike));
    }
    if (random.nextBoolean()) {
      attributes.put("ceil_mode", (long) random.nextInt(2));
    }
    if (counts) {
      attributes.put("count_include_pad", 1L);
    }
    if (type.equals("MaxPool") && random.nextBoolean()) {
      attributes.put("storage_order", 1L);
    }
  }

  /** Padding on each side, alike where ONNX Runtime 1.23 counts that of other sides. */
  private static long[] pads(SplittableRandom random, long[] kernel, boolean alike) {
    long all = random.nextLong(Arrays.stream(kernel).min().orElseThrow());
    return IntStream.range(0, 2 * kernel.length)
        .mapToLong(i -> alike ? all : random.nextLong(kernel[i % kernel.length]))
        .toArray();
  }

  @ParameterizedTest
  @MethodSource("io.github.clpool.TestDevices#all")
  void attributesMeanWhatTheyMeanThere(String device) throws OrtException {
    long seed = Long.getLong("clpool.test.seed", 19);
    SplittableRandom random = new SplittableRandom(seed);
    int cases = TestDevices.cases(device, CASES);
    int compared = 0;
    try (Pooling pooling = TestDevices.open(device)) {
      for (int i = 0; i < cases; i++) {
        Node node = draw(random);
        compared += compare(pooling, node, node + ", case " + i + " of seed " + seed) ? 1 : 0;
      }
    }
    assertTrue(compared >= cases / 2, "only " + compared + " cases were compared");
  }

  private boolean compare(Pooling pooling, Node node, String message) throws OrtException {
    OnnxNode ours = OnnxNode.of(node.type(), OPSET, node.attributes());
    try {
      ours.operator().outputShape(node.shape());
    } catch (IllegalArgumentException tooLarge) {
      return false; // windows that do not fit
    }
    try (OnnxTensor x =
            OnnxTensor.createTensor(environment, FloatBuffer.wrap(node.x()), node.shape().sizes());
        OrtSession session = environment.createSession(node.model());
        OrtSession.Result theirs = session.run(Map.of("x", x));
        Tensor input = pooling.tensor(node.shape(), node.x());
        Pass pass = pooling.forward(ours.operator(), input)) {
      OnnxTensor y = (OnnxTensor) theirs.get(0);
      assertArrayEquals(y.getInfo().getShape(), pass.output().shape().sizes(), message);
      float[] right = new float[(int) pass.output().shape().elements()];
      y.getFloatBuffer().get(right);
      float[] found = pass.output().toFloats();
      for (int i = 0; i < found.length; i++) {
        boolean empty = found[i] == Float.NEGATIVE_INFINITY || Float.isNaN(right[i]);
        assertTrue(!empty || node.attributes().containsKey("dilations"), message);
        if (!empty) {
          assertEquals(right[i], found[i], node.givesIndices() ? 0 : 1e-5f * 40, message);
        }
      }
      if (node.givesIndices()) {
        long[] indices = new long[found.length];
        ((OnnxTensor) theirs.get(1)).getLongBuffer().get(indices);
        int[] inPlanes = pass.indices().toInts();
        long[] mine = ours.indices(inPlanes, pass.output().shape(), node.shape());
        for (int i = 0; i < mine.length; i++) {
          if (mine[i] >= 0) {
            assertEquals(indices[i], mine[i], message + ", index " + i);
          }
        }
      }
      return true;
    }
  }
}
