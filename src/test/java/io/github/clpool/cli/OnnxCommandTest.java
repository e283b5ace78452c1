package io.github.clpool.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import io.github.clpool.io.Npy;
import io.github.clpool.io.NpyArray;
import io.github.clpool.io.NpyType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that the test writes, by {@code clpool onnx}. */
class OnnxCommandTest {
  @TempDir Path folder;
  private Path x;
  private Path y;
  private Path model;

  @BeforeEach
  void fourByFour() throws IOException {
    x = folder.resolve("x.npy");
    y = folder.resolve("y.npy");
    model = folder.resolve("model.onnx");
    write(x, List.of(1L, 1L, 4L, 4L), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
  }

  private static void write(Path file, List<Long> sizes, float... numbers) throws IOException {
    Npy.write(file, NpyArray.of(NpyType.FLOAT32, FloatBuffer.wrap(numbers), sizes));
  }

  private static AttributeProto ints(String name, long... numbers) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
    for (long number : numbers) {
      attribute.addInts(number);
    }
    return attribute.build();
  }

  private static NodeProto.Builder node(String type, String name, String... inputs) {
    return NodeProto.newBuilder().setOpType(type).setName(name).addAllInput(List.of(inputs));
  }

  private static GraphProto.Builder graph(NodeProto.Builder... nodes) {
    GraphProto.Builder graph = GraphProto.newBuilder();
    for (NodeProto.Builder node : nodes) {
      graph.addNode(node);
    }
    return graph;
  }

  private static ValueInfoProto value(String name) {
    return ValueInfoProto.newBuilder().setName(name).build();
  }

  private void save(GraphProto.Builder graph) throws IOException {
    ModelProto written =
        ModelProto.newBuilder()
            .setIrVersion(8)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
            .setGraph(graph)
            .build();
    Files.write(model, written.toByteArray());
  }

  private static float[] floats(Path file) throws IOException {
    FloatBuffer floats = (FloatBuffer) Npy.read(file).buffer();
    float[] numbers = new float[floats.remaining()];
    floats.get(numbers);
    return numbers;
  }

  @Test
  void poolsAndUnpools() throws IOException {
    NodeProto.Builder max =
        node("MaxPool", "pool", "x")
            .addOutput("pooled")
            .addOutput("indices")
            .addAttribute(ints("kernel_shape", 2, 2))
            .addAttribute(ints("strides", 2, 2));
    NodeProto.Builder same = node("Identity", "same", "indices").addOutput("alias");
    NodeProto.Builder unpool =
        node("MaxUnpool", "unpool", "pooled", "alias", "size")
            .addOutput("y")
            .addAttribute(ints("kernel_shape", 2, 2))
            .addAttribute(ints("strides", 2, 2));
    save(
        graph(max, same, unpool)
            .addInput(value("x"))
            .addInput(value("size")) // an old model lists what it brings, too
            .addOutput(value("y"))
            .addOutput(value("indices"))
            .addInitializer(
                TensorProto.newBuilder()
                    .setName("size")
                    .setDataType(TensorProto.DataType.INT64.getNumber())
                    .addDims(4)
                    .addAllInt64Data(List.of(1L, 1L, 5L, 5L))));
    Path indices = folder.resolve("i.npy");
    String lines =
        Cli.ok(
            "onnx",
            model,
            "--input",
            x,
            "--output",
            y,
            "--output",
            "indices=" + indices,
            "--device",
            "jvm");
    assertTrue(lines.startsWith("pool: max window=2x2 stride=2x2: FLOAT32 1x1x4x4"), lines);
    assertTrue(lines.contains("unpool: max_unpool output=5x5: FLOAT32 1x1x2x2"), lines);
    assertArrayEquals(
        new float[] {0, 0, 0, 0, 0, 0, 6, 0, 8, 0, 0, 0, 0, 0, 0, 0, 14, 0, 16, 0, 0, 0, 0, 0, 0},
        floats(y));
    LongBuffer found = (LongBuffer) Npy.read(indices).buffer();
    assertEquals(LongBuffer.wrap(new long[] {5, 7, 13, 15}), found);
  }

  /** As numbers of 32 bits, and as bytes. */
  @Test
  void modelsBringPicturesOfBytes() throws IOException {
    TensorProto.Builder picture =
        TensorProto.newBuilder()
            .setName("picture")
            .setDataType(TensorProto.DataType.UINT8.getNumber())
            .addAllDims(List.of(1L, 1L, 2L, 2L));
    NodeProto.Builder max =
        node("MaxPool", "pool", "picture").addOutput("y").addAttribute(ints("kernel_shape", 2, 1));
    for (TensorProto.Builder written :
        List.of(
            picture.clone().addAllInt32Data(List.of(1, 255, 128, 7)),
            picture.clone().setRawData(ByteString.copyFrom(new byte[] {1, -1, -128, 7})))) {
      save(graph(max).addOutput(value("y")).addInitializer(written));
      Cli.ok("onnx", model, "--output", y, "--device", "jvm");
      assertEquals(ByteBuffer.wrap(new byte[] {-128, -1}), Npy.read(y).buffer());
    }
  }

  @Test
  void regionsOfInterestAreInputs() throws IOException {
    save(
        graph(
                node("MaxRoiPool", "", "x", "rois")
                    .addOutput("y")
                    .addAttribute(ints("pooled_shape", 1, 1)))
            .addInput(value("x"))
            .addInput(value("rois"))
            .addOutput(value("y")));
    Path rois = folder.resolve("rois.npy");
    write(rois, List.of(2L, 5L), 0, 0, 0, 1, 1, 0, 2, 1, 3, 2);
    Cli.ok(
        "onnx", model, "--input", "rois=" + rois, "--input", x, "--output", y, "--device", "jvm");
    assertArrayEquals(new float[] {6, 12}, floats(y));
  }

  @Test
  void aNodeThatIsNoPoolingIsNamed() throws IOException {
    save(
        graph(node("Conv", "stem", "x", "w").addOutput("y"))
            .addInput(value("x"))
            .addOutput(value("y")));
    String message = "node 'stem' of type Conv: opType is 'Conv', but must be one of";
    Cli.fails(2, message, "onnx", model, "--input", x, "--output", y);
    assertFalse(Files.exists(y));
  }

  @Test
  void wrongCallsAreRefused() throws IOException {
    save(
        graph(node("GlobalMaxPool", "all", "x").addOutput("y"))
            .addInput(value("x"))
            .addOutput(value("y")));
    check(2, "--input x=FILE is missing", "--output", y);
    check(
        2,
        "--output is '" + y + "', but the model has only [y]",
        "--input",
        x,
        "--output",
        y,
        "--output",
        y);
    check(2, "--input is 'z=x', but must name one of [x]", "--input", "z=x", "--output", y);
    check(2, "--output names " + x, "--input", x, "--output", x);
    check(2, "--output names " + model, "--input", x, "--output", model);
    Files.write(model, new byte[] {1, 2, 3});
    check(1, "is no ONNX model", "--input", x, "--output", y);
  }

  private void check(int code, String message, Object... words) {
    Object[] all = new Object[words.length + 2];
    all[0] = "onnx";
    all[1] = model;
    System.arraycopy(words, 0, all, 2, words.length);
    Cli.fails(code, message, all);
  }
}
