package io.github.clpool.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.github.clpool.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which operator a node of ONNX is, as its specification says. */
class OnnxNodeTest {
  private static Map<String, Object> attributes(String json) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    JsonParser.parseString("{" + json.replace('\'', '"') + "}")
        .getAsJsonObject()
        .entrySet()
        .forEach(each -> attributes.put(each.getKey(), value(each.getValue())));
    return attributes;
  }

  private static Object value(JsonElement json) {
    if (json.isJsonArray()) {
      return json.getAsJsonArray().asList().stream().map(OnnxNodeTest::value).toList();
    }
    return json.getAsJsonPrimitive().isString() ? json.getAsString() : json.getAsNumber();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "MaxPool 1     | kernel_shape: [3]                          | max window=3 stride=1",
        "MaxPool 12    | kernel_shape: [3, 2], strides: [2, 1]      | max window=3x2 stride=2x1",
        "MaxPool 12    | kernel_shape: [3], pads: [1, 0]            | max window=3 stride=1 padding=1:0",
        "MaxPool 12    | kernel_shape: [2, 2], pads: [1, 0, 0, 3]   | max window=2x2 stride=1 padding=1x0:0x3 widePadding",
        "MaxPool 10    | kernel_shape: [2], ceil_mode: 1, dilations: [3] | max window=2 stride=1 dilation=3 ceilMode",
        "MaxPool 12    | kernel_shape: [2], auto_pad: 'SAME_UPPER', pads: [0, 0] | max window=2 stride=1 same",
        "MaxPool 12    | kernel_shape: [2], auto_pad: 'SAME_LOWER', ceil_mode: 1 | max window=2 stride=1 sameLower",
        "MaxPool 12    | kernel_shape: [2], auto_pad: 'VALID'       | max window=2 stride=1",
        "MaxPool 12    | kernel_shape: [2], auto_pad: 'VALID', ceil_mode: 1 | max window=2 stride=1 ceilMode",
        "AveragePool 7 | kernel_shape: [2], count_include_pad: 1, auto_pad: 'SAME_UPPER' | avg countIncludePad=true window=2 stride=1 same",
        "AveragePool 1 | kernel_shape: [2], pads: [1, 1]            | avg countIncludePad=false window=2 stride=1 padding=1",
        "AveragePool 19 | kernel_shape: [2], dilations: [2], ceil_mode: 0 | avg countIncludePad=false window=2 stride=1 dilation=2",
        "LpPool 1      | kernel_shape: [2], p: 1.5                  | lp p=1.5 window=2 stride=1",
        "LpPool 2      | kernel_shape: [2]                          | lp p=2 window=2 stride=1",
        "LpPool 18     | kernel_shape: [2], p: 3, ceil_mode: 1      | lp p=3 window=2 stride=1 ceilMode",
        "GlobalMaxPool 1 |                                          | max global",
        "GlobalAveragePool 22 |                                     | avg global",
        "GlobalLpPool 2 | p: 1                                      | lp p=1 global",
        "MaxUnpool 9   | kernel_shape: [2, 2], strides: [2, 2], pads: [1, 1, 0, 0] | max_unpool window=2x2 stride=2x2 padding=1x1:0x0",
        "MaxRoiPool 1  | pooled_shape: [2, 3], spatial_scale: 0.5   | roi_pool output=2x3 spatialScale=0.5",
        "RoiAlign 10   | output_width: 3                            | roi_align output=1x3",
        "RoiAlign 16   | output_height: 2, sampling_ratio: 4        | roi_align output=2x1 samplingRatio=4 aligned",
        "RoiAlign 16   | coordinate_transformation_mode: 'output_half_pixel', mode: 'max', spatial_scale: 2 | roi_align output=1x1 spatialScale=2 mode=max-onnx"
      })
  void itsOperator(String node, String attributes, String operator) {
    String[] words = node.split(" ");
    Map<String, Object> given = attributes(attributes == null ? "" : attributes);
    assertEquals(
        Operators.parse(operator), Operators.fromOnnx(words[0], Integer.parseInt(words[1]), given));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "Conv 1        |                                | opType is 'Conv', but must be one of AveragePool,",
        "MaxUnpool 8   | kernel_shape: [2]              | opset is 8, but MaxUnpool is there from opset 9 on",
        "MaxPool 12    | strides: [2]                   | kernel_shape is missing, but MaxPool needs it",
        "MaxPool 12    | kernel_shape: [1, 2, 3, 4]     | kernel_shape is [1, 2, 3, 4], but must have 1 to 3 numbers",
        "MaxPool 12    | kernel_shape: [0]              | kernel_shape is [0], but must be made of whole numbers from 1 to 2^31 - 1",
        "MaxPool 12    | kernel_shape: [2.5]            | kernel_shape is [2.5], but must be made of whole",
        "MaxPool 12    | kernel_shape: ['a']            | kernel_shape is [a], but must be made of whole",
        "MaxPool 12    | kernel_shape: [2, 2], strides: [1] | strides is [1], but must have 2 numbers",
        "MaxPool 12    | kernel_shape: [2], pads: [1]   | pads is [1], but must have 2 numbers",
        "MaxPool 12    | kernel_shape: [2], pads: [-1, 0] | pads is [-1, 0], but must be made of whole numbers from 0",
        "MaxPool 8     | kernel_shape: [2], dilations: [2] | dilations is [2], but MaxPool has it from opset 10 on, and the opset is 8",
        "AveragePool 18 | kernel_shape: [2], dilations: [1] | dilations is [1], but AveragePool has it from opset 19 on",
        "MaxPool 12    | kernel_shape: [2], auto_pad: 'SAME' | auto_pad is 'SAME', but must be one of NOTSET, SAME_UPPER",
        "MaxPool 12    | kernel_shape: [2], auto_pad: 'VALID', pads: [1, 0] | pads is [1, 0], but auto_pad is 'VALID', which chooses",
        "MaxPool 12    | kernel_shape: [2], ceil_mode: 2 | ceil_mode is 2, but must be 0 or 1",
        "MaxPool 12    | kernel_shape: [2], p: 2        | p is 2, but MaxPool has no attribute of that name, only [auto_pad, ceil_mode, dilations, kernel_shape, pads, storage_order, strides]",
        "GlobalMaxPool 1 | kernel_shape: [2]            | kernel_shape is [2], but GlobalMaxPool has no attribute",
        "LpPool 2      | kernel_shape: [2], p: 1.5      | p is 1.5, but must be made of whole",
        "MaxRoiPool 1  | spatial_scale: 1               | pooled_shape is missing, but MaxRoiPool needs it",
        "MaxRoiPool 1  | pooled_shape: [1, 1], spatial_scale: 'a' | spatial_scale is 'a', but must be a number",
        "RoiAlign 10   | coordinate_transformation_mode: 'half_pixel' | coordinate_transformation_mode is 'half_pixel', but RoiAlign has it from opset 16 on",
        "RoiAlign 16   | mode: 'sum'                    | mode is 'sum', but must be one of avg, max"
      })
  void badNodesAreRefused(String node, String attributes, String message) {
    String[] words = node.split(" ");
    Map<String, Object> given = attributes(attributes == null ? "" : attributes);
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> OnnxNode.of(words[0], Integer.parseInt(words[1]), given));
    assertTrue(refused.getMessage().startsWith(message), refused::getMessage);
  }

  @Test
  void listsAndArraysAreTheSame() {
    Operator expected = Operators.parse("max window=2x3 stride=1x2");
    Map<String, Object> arrays =
        Map.of("kernel_shape", new long[] {2, 3}, "strides", new int[] {1, 2});
    assertEquals(expected, Operators.fromOnnx("MaxPool", 12, arrays));
    Map<String, Object> lists = Map.of("kernel_shape", List.of(2, 3L), "strides", List.of(1, 2));
    assertEquals(expected, Operators.fromOnnx("MaxPool", 12, lists));
  }

  @Test
  void indicesCountOverTheWholeTensor() {
    Shape input = Shape.of(2, 3, 4, 5);
    Shape output = Shape.of(2, 3, 1, 2);
    int[] inPlanes = {0, 7, 1, 2, 3, 4, 5, 6, 19, -1, 8, 9};
    OnnxNode rows = OnnxNode.of("MaxPool", 12, attributes("kernel_shape: [2, 2]"));
    assertFalse(rows.columnMajor());
    assertArrayEquals(
        new long[] {0, 7, 21, 22, 43, 44, 65, 66, 99, -1, 108, 109},
        rows.indices(inPlanes, output, input));
    OnnxNode columns =
        OnnxNode.of("MaxPool", 12, attributes("kernel_shape: [2, 2], storage_order: 1"));
    // cell 7 is row 1, column 2: 2 * 4 + 1
    assertArrayEquals(
        new long[] {0, 9, 24, 28, 52, 56, 61, 65, 99, -1, 113, 117},
        columns.indices(inPlanes, output, input));
    OnnxNode deep =
        OnnxNode.of("MaxPool", 12, attributes("kernel_shape: [1, 1, 1], storage_order: 1"));
    // cell (1, 2, 3) of 2 x 3 x 4: (3 * 3 + 2) * 2 + 1
    assertArrayEquals(
        new long[] {23},
        deep.indices(new int[] {23}, Shape.of(1, 1, 1, 1, 1), Shape.of(1, 1, 2, 3, 4)));
    assertArrayEquals(
        new long[] {10}, // (0, 2, 1): (1 * 3 + 2) * 2 + 0
        deep.indices(new int[] {9}, Shape.of(1, 1, 1, 1, 1), Shape.of(1, 1, 2, 3, 4)));
  }

  @Test
  void positionsCountInTheDefaultSize() {
    OnnxNode node =
        OnnxNode.of("MaxUnpool", 11, attributes("kernel_shape: [2, 2], strides: [2, 2]"));
    Shape values = Shape.of(1, 2, 1, 2); // the default size is 2x4
    Shape larger = Shape.of(1, 2, 3, 5);
    long[] positions = {5, -1, 8, 15};
    assertArrayEquals(
        new int[] {5, -1, 0, 7}, node.positions(positions, values, Shape.of(1, 2, 2, 4)));
    assertArrayEquals(new int[] {6, -1, 0, 8}, node.positions(positions, values, larger));
    IndexOutOfBoundsException otherPlane =
        assertThrows(
            IndexOutOfBoundsException.class,
            () -> node.positions(new long[] {8, 0, 8, 8}, values, larger));
    assertTrue(
        otherPlane.getMessage().startsWith("position 0 is 8, but must be in [0, 8)"),
        otherPlane::getMessage);
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> node.positions(new long[] {3, 0, 8, 8}, values, Shape.of(1, 2, 2, 3)));
    assertThrows(IllegalArgumentException.class, () -> node.positions(new long[3], values, larger));
  }
}
