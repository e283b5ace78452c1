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
import io.github.clpool.Nightly;
import io.github.clpool.WithoutDevice;
import io.github.clpool.io.Npy;
import io.github.clpool.io.NpyArray;
import io.github.clpool.io.NpyType;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged models: a result, or one line that says what is wrong, and the old file. */
@WithoutDevice
class OnnxFuzzTest {
  private static final byte[] OLD = {1, 2, 3};

  @TempDir Path folder;
  private Path x;
  private Path y;
  private Path model;

  @BeforeEach
  void files() throws IOException {
    x = folder.resolve("x.npy");
    y = folder.resolve("y.npy");
    model = folder.resolve("model.onnx");
    FloatBuffer elements = FloatBuffer.allocate(32);
    Npy.write(x, NpyArray.of(NpyType.FLOAT32, elements, List.of(1L, 2L, 4L, 4L)));
  }

  private static NodeProto.Builder node(String type, List<String> inputs, String... outputs) {
    return NodeProto.newBuilder()
        .setOpType(type)
        .addAllInput(inputs)
        .addAllOutput(List.of(outputs));
  }

  private static AttributeProto ints(String name, Long... numbers) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INTS)
        .addAllInts(List.of(numbers))
        .build();
  }

  private static TensorProto.Builder tensor(String name, TensorProto.DataType type, Long... sizes) {
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(type.getNumber())
        .addAllDims(List.of(sizes));
  }

  private static ModelProto.Builder model(NodeProto.Builder... nodes) {
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .addInput(ValueInfoProto.newBuilder().setName("x"))
            .addOutput(ValueInfoProto.newBuilder().setName("y"));
    Arrays.stream(nodes).forEach(graph::addNode);
    return ModelProto.newBuilder()
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(16))
        .setGraph(graph);
  }

  /** Of every kind of node, attribute and tensor. */
  private static List<ModelProto.Builder> whole() {
    AttributeProto windows = ints("kernel_shape", 2L, 2L);
    ModelProto.Builder unpooling =
        model(
            node("MaxPool", List.of("x"), "pooled", "indices").addAttribute(windows),
            node("Identity", List.of("indices"), "same"),
            node("MaxUnpool", List.of("pooled", "same", "size"), "y").addAttribute(windows));
    unpooling
        .getGraphBuilder()
        .addInitializer(
            tensor("size", TensorProto.DataType.INT64, 4L)
                .addAllInt64Data(List.of(1L, 2L, 4L, 4L)));
    ModelProto.Builder regions =
        model(
            node("Constant", List.of(), "rois")
                .addAttribute(
                    AttributeProto.newBuilder()
                        .setName("value")
                        .setType(AttributeProto.AttributeType.TENSOR)
                        .setT(
                            tensor("", TensorProto.DataType.FLOAT, 1L, 4L)
                                .setRawData(ByteString.copyFrom(new byte[16])))),
            node("RoiAlign", List.of("x", "rois", "images"), "y")
                .addAttribute(
                    AttributeProto.newBuilder()
                        .setName("output_height")
                        .setType(AttributeProto.AttributeType.INT)
                        .setI(3)));
    regions
        .getGraphBuilder()
        .addInitializer(tensor("images", TensorProto.DataType.INT64, 1L).addInt64Data(0));
    ModelProto.Builder averages =
        model(
            node("AveragePool", List.of("x"), "y")
                .addAttribute(windows)
                .addAttribute(ints("pads", 1L, 0L, 1L, 1L)));
    return List.of(unpooling, regions, averages);
  }

  private Cli run() {
    return Cli.run("onnx", model, "--input", x, "--output", y, "--device", "jvm");
  }

  @Test
  void wholeModelsRun() throws IOException {
    for (ModelProto.Builder each : whole()) {
      Files.write(model, each.build().toByteArray());
      assertEquals("", run().err());
    }
  }

  @Test
  void damagedModels() throws IOException {
    long seed = Nightly.seed();
    Random random = new Random(seed);
    int cases = Nightly.cases(200, 20_000);
    int done = 0;
    for (int i = 0; i < cases; i++) {
      byte[] bytes = whole().get(random.nextInt(3)).build().toByteArray();
      for (int damages = random.nextInt(3); damages >= 0; damages--) {
        bytes = damaged(bytes, random);
      }
      done += check(bytes, "seed " + seed + ", case " + i) ? 1 : 0;
    }
    assertTrue(done > cases / 100, "only " + done + " of " + cases + " ran");
  }

  private boolean check(byte[] bytes, String what) throws IOException {
    Files.write(model, bytes);
    Files.write(y, OLD);
    Cli cli = run();
    String said = what + ": " + cli.err();
    if (cli.code() != 0) {
      assertEquals(1, cli.err().lines().count(), said);
      assertTrue(cli.err().startsWith("clpool"), said);
      assertFalse(cli.err().matches("(?s).*(java\\.|Exception|null).*"), said);
      assertTrue(cli.err().length() < 4500, said);
      assertArrayEquals(OLD, Files.readAllBytes(y), said);
    }
    return cli.code() == 0;
  }

  private static byte[] damaged(byte[] bytes, Random random) {
    int at = random.nextInt(bytes.length);
    byte[] changed = bytes.clone();
    switch (random.nextInt(5)) {
      case 0:
        return Arrays.copyOf(bytes, at + 1);
      case 1: // a large or negative number
        changed[at] |= (byte) 0x80;
        return changed;
      case 2:
        changed[at] += (byte) (random.nextBoolean() ? 1 : -1);
        return changed;
      default:
        changed[at] = (byte) random.nextInt(256);
        return changed;
    }
  }

  @Test
  void numbersThatNoArrayHas() throws IOException {
    TensorProto.Builder huge = tensor("huge", TensorProto.DataType.FLOAT, 500_000_000L);
    check("array has 0 elements, but sizes [500000000] need 500000000", huge);
    check("tensor 'huge' has type 99, which ONNX has not", huge.clone().setDataType(99));
  }

  private void check(String words, TensorProto.Builder initializer) throws IOException {
    ModelProto.Builder wrong = whole().get(2);
    wrong.getGraphBuilder().addInitializer(initializer);
    Files.write(model, wrong.build().toByteArray());
    assertTrue(run().err().contains(words), run()::err);
  }

  /** Nor are they held, if they are longer than any array. */
  @Test
  void filesThatHaveNoEnd() throws IOException {
    model = Path.of("/dev/zero");
    String err = run().err();
    assertTrue(!Files.exists(model) || err.contains("/dev/zero: is no regular file"), err);
    model = folder.resolve("long.onnx");
    try (RandomAccessFile file = new RandomAccessFile(model.toFile(), "rw")) {
      file.setLength(3L << 30);
    }
    assertTrue(run().err().contains(model + ": needs more memory"), run()::err);
  }
}
