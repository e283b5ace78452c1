package io.github.clpool.op;

import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import java.util.Map;

/**
 * A pooling node of an ONNX model: its operator, and how ONNX counts the cells that the node
 * selects or fills. All its tensors have layout NCHW. Immutable.
 *
 * <p>MaxPool's Indices and the positions of MaxUnpool count over the whole tensor, N and C too; an
 * index of clpool counts in its plane. {@link #indices} and {@link #positions} convert between the
 * two.
 *
 * <pre>{@code
 * OnnxNode node = OnnxNode.of("MaxPool", 12, Map.of("kernel_shape", List.of(2, 2)));
 * try (Pass pass = pooling.forward(node.operator(), x)) {
 *   long[] indices = node.indices(pass.indices().toInts(), pass.output().shape(), x.shape());
 * }
 * }</pre>
 *
 * @param operator what the node computes; of a MaxUnpool with an {@code output_shape} that of the
 *     default size, which its positions count in
 * @param columnMajor whether indices count the spatial axes in reverse order, the first one fastest
 *     ({@code storage_order = 1})
 */
public record OnnxNode(Operator operator, boolean columnMajor) {
  /**
   * Checks that there is an operator.
   *
   * @param operator what the node computes
   * @param columnMajor whether indices count the spatial axes in reverse order
   */
  public OnnxNode {
    Require.present("operator", operator);
  }

  /**
   * Reads a node of type MaxPool, AveragePool, LpPool, GlobalMaxPool, GlobalAveragePool,
   * GlobalLpPool, MaxUnpool, MaxRoiPool or RoiAlign; attributes that are missing have ONNX's
   * defaults, such as strides of 1.
   *
   * @param opType the type
   * @param opset the version of ONNX's operators that the model imports
   * @param attributes the attributes by name: numbers, texts, and arrays or lists of numbers
   * @return the node
   * @throws IllegalArgumentException if the type is none of these, or naming an attribute that the
   *     operator does not have in this opset, that breaks its rule or contradicts another
   */
  public static OnnxNode of(String opType, int opset, Map<String, ?> attributes) {
    OnnxAttributes given = new OnnxAttributes(opType, opset, attributes);
    Operator operator =
        switch (opType) {
          case "MaxPool" -> Pool.max().over(given.window(10, 10));
          case "AveragePool" ->
              Pool.avg()
                  .countIncludePad(given.flag("count_include_pad", 7))
                  .over(given.window(19, 10));
          case "LpPool" -> Pool.lp(given.p()).over(given.window(18, 18));
          case "GlobalMaxPool" -> Pool.max().over(Regions.global());
          case "GlobalAveragePool" -> Pool.avg().over(Regions.global());
          case "GlobalLpPool" -> Pool.lp(given.p()).over(Regions.global());
          case "MaxUnpool" -> MaxUnpool.of(given.paddedWindow());
          case "MaxRoiPool" -> {
            int[] output = given.numbers("pooled_shape", 1, 2);
            Require.that(output != null, "pooled_shape is missing, but MaxRoiPool needs it");
            yield RoiPool.output(output[0], output[1]).spatialScale(given.spatialScale());
          }
          case "RoiAlign" -> given.roiAlign();
          default ->
              throw new IllegalStateException(opType + " has a first opset, but no operator");
        };
    boolean columnMajor = opType.equals("MaxPool") && given.flag("storage_order", 8);
    given.checkAllUsed();
    return new OnnxNode(operator, columnMajor);
  }

  /**
   * Counts selected cells as ONNX does.
   *
   * @param inPlanes the flat index of each output's cell in its plane, -1 for none, in the memory
   *     order of layout NCHW
   * @param output the shape of the output
   * @param input the shape of the input
   * @return the index of each cell in the whole input, -1 for none
   * @throws IllegalArgumentException if there are not as many indices as outputs
   */
  public long[] indices(int[] inPlanes, Shape output, Shape input) {
    Require.present("inPlanes", inPlanes);
    Require.present("input", input);
    checkCount(inPlanes.length, Require.present("output", output));
    long[] inTensor = new long[inPlanes.length];
    for (int i = 0; i < inTensor.length; i++) {
      long plane = i / output.planeSize() * input.planeSize();
      int cell = inPlanes[i];
      inTensor[i] = cell < 0 ? -1 : plane + (columnMajor ? reversed(cell, input) : cell);
    }
    return inTensor;
  }

  /** The flat index of a cell where the first axis counts fastest. */
  private static int reversed(int cell, Shape shape) {
    int w = cell % shape.w();
    int h = cell / shape.w() % shape.h();
    int d = cell / shape.w() / shape.h();
    return (w * shape.h() + h) * shape.d() + d;
  }

  /**
   * Counts the positions of a MaxUnpool as clpool does. ONNX's count in the tensor of the default
   * size, which follows from the node's attributes, even where an {@code output_shape} is given:
   * its first rows and columns are filled then, by {@code MaxUnpool.to(...)} that shape.
   *
   * @param inTensor the index of each value's cell in the whole tensor of the default size, -1 for
   *     none
   * @param values the shape of the values
   * @param output the shape of the output: of the default size or as given
   * @return the flat index of each cell in its plane of the output, -1 for none
   * @throws IllegalArgumentException if there are not as many positions as values
   * @throws IndexOutOfBoundsException naming the first position that is outside the plane of its
   *     value, or outside the output
   */
  public int[] positions(long[] inTensor, Shape values, Shape output) {
    Require.present("inTensor", inTensor);
    Require.present("output", output);
    checkCount(inTensor.length, Require.present("values", values));
    Shape counted = operator.outputShape(values);
    int[] inPlanes = new int[inTensor.length];
    for (int i = 0; i < inPlanes.length; i++) {
      long plane = i / values.planeSize() * counted.planeSize();
      long cell = inTensor[i] - plane;
      if (inTensor[i] == -1) {
        inPlanes[i] = -1;
        continue;
      }
      int w = (int) (cell % counted.w());
      int h = (int) (cell / counted.w() % counted.h());
      int d = (int) (cell / counted.w() / counted.h());
      if (cell < 0
          || cell >= counted.planeSize()
          || w >= output.w()
          || h >= output.h()
          || d >= output.d()) {
        throw new IndexOutOfBoundsException(
            "position %d is %d, but must be in [%d, %d), the plane of its value, and inside output %s"
                .formatted(i, inTensor[i], plane, plane + counted.planeSize(), output));
      }
      inPlanes[i] = (d * output.h() + h) * output.w() + w;
    }
    return inPlanes;
  }

  private static void checkCount(int count, Shape shape) {
    Require.that(
        count == shape.elements(),
        "there are %d indices, but shape %s needs as many",
        count,
        shape);
  }
}
