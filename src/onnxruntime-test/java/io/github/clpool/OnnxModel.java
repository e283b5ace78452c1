package io.github.clpool;

import io.github.clpool.op.RoiAlign;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes an ONNX model of one operator, message by message, as onnx.proto numbers the fields.
 *
 * @see <a href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">onnx.proto</a>
 */
public final class OnnxModel {
  private static final int IR_VERSION = 8;
  private static final int VARINT = 0;
  private static final int LENGTH = 2;
  private static final int FIXED32 = 5;

  /** Element types of TensorProto. */
  public enum Type {
    FLOAT(1),
    UINT8(2),
    INT8(3),
    INT64(7),
    FLOAT16(10),
    DOUBLE(11),
    BFLOAT16(16);

    final int number;

    Type(int number) {
      this.number = number;
    }
  }

  /** The fields of one message. */
  private static final class Message {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private void varint(long value) {
      long rest = value;
      while ((rest & ~0x7fL) != 0) {
        bytes.write((int) (rest & 0x7f | 0x80));
        rest >>>= 7;
      }
      bytes.write((int) rest);
    }

    Message number(int field, long value) {
      varint(field << 3 | VARINT);
      varint(value);
      return this;
    }

    Message decimal(int field, float value) {
      varint(field << 3 | FIXED32);
      bytes.writeBytes(
          ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array());
      return this;
    }

    Message content(int field, byte[] content) {
      varint(field << 3 | LENGTH);
      varint(content.length);
      bytes.writeBytes(content);
      return this;
    }

    Message text(int field, String text) {
      return content(field, text.getBytes(StandardCharsets.UTF_8));
    }

    Message message(int field, Message message) {
      return content(field, message.bytes.toByteArray());
    }
  }

  private final Message node = new Message();
  private final Message graph = new Message();
  private final int opset;

  /** A model of one operator of an opset. */
  public OnnxModel(String operator, int opset) {
    this.opset = opset;
    node.text(4, operator);
  }

  /** Adds an input of any sizes. */
  public OnnxModel input(String name, Type type, int rank) {
    node.text(1, name);
    graph.message(11, value(name, type, rank));
    return this;
  }

  /** Adds the next output. */
  public OnnxModel output(String name, Type type, int rank) {
    node.text(2, name);
    graph.message(12, value(name, type, rank));
    return this;
  }

  /** The model of a RoiAlign, its inputs {@code x}, {@code rois} and {@code batch_indices}. */
  public static OnnxModel of(RoiAlign operator, Type element) {
    return new OnnxModel("RoiAlign", 16)
        .input("x", element, 4)
        .input("rois", element, 2)
        .input("batch_indices", Type.INT64, 1)
        .output("y", element, 4)
        .attribute(
            "coordinate_transformation_mode",
            operator.isAligned() ? "half_pixel" : "output_half_pixel")
        .attribute("mode", operator.mode() == RoiAlign.Mode.AVG ? "avg" : "max")
        .attribute("output_height", (long) operator.outputHeight())
        .attribute("output_width", (long) operator.outputWidth())
        .attribute("sampling_ratio", (long) operator.samplingRatio())
        .attribute("spatial_scale", (float) operator.spatialScale());
  }

  private static Message value(String name, Type type, int rank) {
    Message shape = new Message();
    for (int axis = 0; axis < rank; axis++) {
      shape.message(1, new Message().text(2, name + axis));
    }
    Message tensor = new Message().number(1, type.number).message(2, shape);
    return new Message().text(1, name).message(2, new Message().message(1, tensor));
  }

  public OnnxModel attribute(String name, float value) {
    node.message(5, new Message().text(1, name).decimal(2, value).number(20, 1));
    return this;
  }

  public OnnxModel attribute(String name, long value) {
    node.message(5, new Message().text(1, name).number(3, value).number(20, 2));
    return this;
  }

  public OnnxModel attribute(String name, String value) {
    node.message(5, new Message().text(1, name).text(4, value).number(20, 3));
    return this;
  }

  public OnnxModel attribute(String name, long... values) {
    Message attribute = new Message().text(1, name).number(20, 7);
    for (long value : values) {
      attribute.number(8, value);
    }
    node.message(5, attribute);
    return this;
  }

  public byte[] bytes() {
    Message named = new Message().message(1, node).text(2, "one");
    named.bytes.writeBytes(graph.bytes.toByteArray());
    return new Message()
        .number(1, IR_VERSION)
        .message(8, new Message().text(1, "").number(2, opset))
        .message(7, named)
        .bytes
        .toByteArray();
  }
}
