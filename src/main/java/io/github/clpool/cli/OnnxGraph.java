package io.github.clpool.cli;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.github.clpool.files.NamedFailure;
import io.github.clpool.files.RegularFile;
import io.github.clpool.io.NpyArray;
import io.github.clpool.io.NpyType;
import io.github.clpool.tensor.Excerpt;
import io.github.clpool.tensor.Require;
import java.io.IOException;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The graph of an ONNX model: its nodes in the order in which they run.
 *
 * @param inputs the names of what a run is given
 * @param outputs the names of what it gives
 * @param constants the arrays that the model brings
 * @param nodes the nodes
 * @param opset the version of ONNX's operators
 */
record OnnxGraph(
    List<String> inputs,
    List<String> outputs,
    Map<String, NpyArray> constants,
    List<Node> nodes,
    int opset) {
  /**
   * A node.
   *
   * @param name its name, else that of its first output, for messages
   * @param type its operator
   * @param attributes its attributes: numbers, texts, lists of numbers, arrays
   * @param inputs the names of its inputs, empty for one that is left out
   * @param outputs the names of its outputs, alike, one at least
   */
  record Node(
      String name,
      String type,
      Map<String, Object> attributes,
      List<String> inputs,
      List<String> outputs) {
    @Override
    public String toString() {
      return "node '" + name + "' of type " + Excerpt.of(type);
    }
  }

  static OnnxGraph read(Path file) throws IOException {
    try {
      RegularFile.check(file);
      return of(ModelProto.parseFrom(Files.readAllBytes(file)));
    } catch (InvalidProtocolBufferException | IllegalArgumentException damaged) {
      throw new IOException(file + " is no ONNX model: " + damaged.getMessage(), damaged);
    } catch (IOException failed) {
      throw NamedFailure.of(file, failed);
    } catch (OutOfMemoryError tooLarge) {
      throw NamedFailure.of(file, tooLarge);
    }
  }

  private static OnnxGraph of(ModelProto model) {
    GraphProto graph = model.getGraph();
    Require.that(graph.getNodeCount() > 0, "it has no nodes");
    long opset =
        model.getOpsetImportList().stream()
            .filter(each -> each.getDomain().isEmpty() || each.getDomain().equals("ai.onnx"))
            .mapToLong(OperatorSetIdProto::getVersion)
            .max()
            .orElse(1);
    Require.that(opset == (int) opset, "opset is %d, but must be below 2^31", opset);
    Map<String, NpyArray> constants = new LinkedHashMap<>();
    for (TensorProto tensor : graph.getInitializerList()) {
      constants.put(tensor.getName(), array(tensor));
    }
    return new OnnxGraph(
        graph.getInputList().stream()
            .map(ValueInfoProto::getName)
            .filter(name -> !constants.containsKey(name))
            .toList(),
        graph.getOutputList().stream().map(ValueInfoProto::getName).toList(),
        constants,
        graph.getNodeList().stream().map(OnnxGraph::node).toList(),
        (int) opset);
  }

  private static Node node(NodeProto node) {
    String domain = node.getDomain().isEmpty() ? "" : node.getDomain() + ".";
    String name = node.getName();
    Require.that(
        node.getOutputCount() > 0,
        "node '%s' of type %s has no output",
        Excerpt.of(name),
        Excerpt.of(node.getOpType()));
    Map<String, Object> attributes = new LinkedHashMap<>();
    for (AttributeProto attribute : node.getAttributeList()) {
      attributes.put(attribute.getName(), value(attribute));
    }
    return new Node(
        Excerpt.of(name.isEmpty() ? node.getOutput(0) : name),
        (domain.equals("ai.onnx.") ? "" : domain) + node.getOpType(),
        attributes,
        List.copyOf(node.getInputList()),
        List.copyOf(node.getOutputList()));
  }

  private static Object value(AttributeProto attribute) {
    return switch (attribute.getType()) {
      case INT -> attribute.getI();
      case INTS -> attribute.getIntsList();
      case FLOAT -> attribute.getF();
      case STRING -> attribute.getS().toStringUtf8();
      case TENSOR -> array(attribute.getT());
      default -> attribute.getType().toString();
    };
  }

  private static NpyArray array(TensorProto tensor) {
    List<Long> sizes = tensor.getDimsList();
    ByteString raw = tensor.getRawData();
    boolean typed = raw.isEmpty();
    ByteBuffer bytes = raw.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    String name = Excerpt.of(tensor.getName());
    TensorProto.DataType type = TensorProto.DataType.forNumber(tensor.getDataType());
    Require.that(
        type != null, "tensor '%s' has type %d, which ONNX has not", name, tensor.getDataType());
    Require.that(
        tensor.getExternalDataCount() == 0,
        "tensor '%s' lies in another file, which is not read",
        name);
    return switch (type) {
      case FLOAT -> array(NpyType.FLOAT32, sizes, typed ? floats(tensor) : bytes.asFloatBuffer());
      case DOUBLE ->
          array(NpyType.FLOAT64, sizes, typed ? doubles(tensor) : bytes.asDoubleBuffer());
      case INT64 -> array(NpyType.INT64, sizes, typed ? longs(tensor) : bytes.asLongBuffer());
      case INT32 -> array(NpyType.INT32, sizes, typed ? ints(tensor) : bytes.asIntBuffer());
      case FLOAT16 -> array(NpyType.FLOAT16, sizes, typed ? halves(tensor) : bytes.asShortBuffer());
      case UINT8 -> array(NpyType.UINT8, sizes, typed ? bytes(tensor) : bytes);
      case INT8 -> array(NpyType.INT8, sizes, typed ? bytes(tensor) : bytes);
      default ->
          throw new IllegalArgumentException(
              "tensor '%s' has type %s, but must be FLOAT, DOUBLE, FLOAT16, [U]INT8, INT32 or INT64"
                  .formatted(name, type));
    };
  }

  private static NpyArray array(NpyType type, List<Long> sizes, Buffer elements) {
    return NpyArray.of(type, elements, sizes);
  }

  private static FloatBuffer floats(TensorProto tensor) {
    FloatBuffer floats = FloatBuffer.allocate(tensor.getFloatDataCount());
    tensor.getFloatDataList().forEach(floats::put);
    return floats.rewind();
  }

  private static DoubleBuffer doubles(TensorProto tensor) {
    return DoubleBuffer.wrap(
        tensor.getDoubleDataList().stream().mapToDouble(Double::doubleValue).toArray());
  }

  private static LongBuffer longs(TensorProto tensor) {
    return LongBuffer.wrap(tensor.getInt64DataList().stream().mapToLong(Long::longValue).toArray());
  }

  private static IntBuffer ints(TensorProto tensor) {
    return IntBuffer.wrap(tensor.getInt32DataList().stream().mapToInt(Integer::intValue).toArray());
  }

  private static ShortBuffer halves(TensorProto tensor) {
    ShortBuffer halves = ShortBuffer.allocate(tensor.getInt32DataCount());
    tensor.getInt32DataList().forEach(bits -> halves.put(bits.shortValue()));
    return halves.rewind();
  }

  private static ByteBuffer bytes(TensorProto tensor) {
    ByteBuffer bytes = ByteBuffer.allocate(tensor.getInt32DataCount());
    tensor.getInt32DataList().forEach(bits -> bytes.put(bits.byteValue()));
    return bytes.rewind();
  }
}
