package io.github.clpool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.clpool.op.Direction;
import io.github.clpool.op.Inputs;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Operators;
import io.github.clpool.op.Pool;
import io.github.clpool.op.RandomKey;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.BFloat16;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Half;
import io.github.clpool.tensor.Handles;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs the tests of a class once for each device, and computes small calls on it. Numbers are given
 * and come back as doubles, in layout NCHW.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("io.github.clpool.TestDevices#all")
abstract class OnEveryDevice {
  private static Pooling pooling;
  private static long live;

  @BeforeParameterizedClassInvocation
  static void open(String device) {
    live = Handles.live();
    pooling = TestDevices.open(device);
  }

  @AfterParameterizedClassInvocation
  static void close() {
    pooling.close();
    assertEquals(live, Handles.live(), "handles left open");
  }

  OnEveryDevice(String device) {}

  static Pooling pooling() {
    return pooling;
  }

  /** Output and indices of a forward call; the indices are null for reductions without them. */
  record Forward(double[] output, int[] indices) {}

  static double[] of(double... values) {
    return values;
  }

  static double[] run(String operator, String shape, double... x) {
    return forward(DataType.FLOAT32, operator, shape, x).output();
  }

  static Forward forward(DataType type, String operator, String shape, double... x) {
    Operator parsed = Operators.parse(operator);
    Shape input = Shape.parse(shape);
    try (Tensor tensor = tensor(input, type, x);
        Pass pass = pooling.forward(parsed, Inputs.of(tensor))) {
      return new Forward(
          pass.output().toDoubles(), parsed.hasIndices() ? pass.indices().toInts() : null);
    }
  }

  /** The gradient of the input; x is needed for reductions that select only, else ignored. */
  static double[] gradient(
      DataType type, String operator, String shape, double[] x, double... gradOutput) {
    Operator parsed = Operators.parse(operator);
    Shape input = Shape.parse(shape);
    try (Tensor tensor = tensor(input, type, x);
        Tensor g = tensor(parsed.outputShape(input), type, gradOutput);
        Pass pass = pooling.forward(parsed, Inputs.of(tensor));
        Tensor dx = pass.backward(g)) {
      return dx.toDoubles();
    }
  }

  /** The gradient of a reduction that needs nothing but it, added to a start. */
  static double[] added(
      DataType type, String operator, String shape, double[] start, double... gradOutput) {
    Operator parsed = Operators.parse(operator);
    Shape input = Shape.parse(shape);
    try (Tensor dx = tensor(input, type, start);
        Tensor g = tensor(parsed.outputShape(input), type, gradOutput)) {
      Map<Role, Tensor> tensors = new EnumMap<>(Map.of(Role.GRAD_INPUT, dx, Role.GRAD_OUTPUT, g));
      pooling.compute(parsed, Direction.BACKWARD, tensors, true);
      return dx.toDoubles();
    }
  }

  /** Every result and every gradient of a call of an operator with more inputs. */
  static Map<Role, double[]> train(
      DataType type, String operator, String shape, Map<Role, double[]> given, double... g) {
    Operator parsed = Operators.parse(operator);
    Shape input = Shape.parse(shape);
    Inputs inputs = Inputs.of(tensor(input, type, given.get(Role.INPUT))).key(RandomKey.of(5));
    for (Role role : parsed.parameters()) {
      Shape one = shape(parsed, role, input, given.get(role).length);
      inputs = inputs.with(role, tensor(one, parsed.typeOf(role, type), given.get(role)));
    }
    Map<Role, double[]> found = new EnumMap<>(Role.class);
    try (Pass pass = pooling.forward(parsed, inputs);
        Tensor gradOutput = tensor(pass.output().shape(), type, g);
        Gradients gradients = pass.gradients(gradOutput)) {
      parsed.results().forEach(role -> found.put(role, numbers(pass.result(role))));
      parsed.gradients().forEach(role -> found.put(role, numbers(gradients.get(role))));
    }
    inputs.tensors().values().forEach(Tensor::close);
    return found;
  }

  /** The shape of so many elements among those that the operator leaves open. */
  private static Shape shape(Operator operator, Role role, Shape input, int elements) {
    return operator instanceof Pool pool && role == Role.WEIGHTS
        ? pool.reduction().weights(input, pool.regions()).stream()
            .filter(one -> one.elements() == elements)
            .findFirst()
            .orElseThrow()
        : operator.shapeOf(role, input);
  }

  private static double[] numbers(Tensor tensor) {
    return tensor.type() == DataType.INT32
        ? Arrays.stream(tensor.toInts()).asDoubleStream().toArray()
        : tensor.toDoubles();
  }

  static Tensor tensor(Shape shape, DataType type, double... values) {
    return tensor(pooling, shape, type, values);
  }

  static Tensor tensor(Pooling on, Shape shape, DataType type, double... values) {
    return on.tensor(shape, Layout.NCHW, type, buffer(type, values));
  }

  /** In any layout; the numbers are given in logical order. */
  static Tensor tensor(Pooling on, Shape shape, Layout layout, DataType type, double... logical) {
    int[] places = places(shape, layout);
    double[] inMemory = new double[logical.length];
    for (int i = 0; i < logical.length; i++) {
      inMemory[places[i]] = logical[i];
    }
    return on.tensor(shape, layout, type, buffer(type, inMemory));
  }

  /** What a tensor of any layout holds, in logical order. */
  static double[] logical(Tensor tensor) {
    double[] inMemory = numbers(tensor);
    int[] places = places(tensor.shape(), tensor.layout());
    double[] logical = new double[inMemory.length];
    Arrays.setAll(logical, i -> inMemory[places[i]]);
    return logical;
  }

  /** Where the elements lie that are counted in logical order; written without Layout. */
  private static int[] places(Shape shape, Layout layout) {
    int plane = shape.planeSize();
    int channels = (int) shape.c();
    int[] places = new int[(int) shape.elements()];
    for (int i = 0; i < places.length; i++) {
      int n = i / plane / channels;
      int c = i / plane % channels;
      int cell = i % plane;
      places[i] = layout == Layout.NCHW ? i : (n * plane + cell) * channels + c;
    }
    return places;
  }

  private static Buffer buffer(DataType type, double... values) {
    switch (type) {
      case FLOAT64:
        return DoubleBuffer.wrap(values);
      case FLOAT32:
        FloatBuffer floats = FloatBuffer.allocate(values.length);
        for (double value : values) {
          floats.put((float) value);
        }
        return floats.rewind();
      case UINT8, INT8:
        ByteBuffer bytes = ByteBuffer.allocate(values.length);
        for (double value : values) {
          bytes.put((byte) value);
        }
        return bytes.rewind();
      case INT32:
        return IntBuffer.wrap(Arrays.stream(values).mapToInt(value -> (int) value).toArray());
      default:
        ShortBuffer bits = ShortBuffer.allocate(values.length);
        for (double value : values) {
          bits.put(
              type == DataType.FLOAT16
                  ? Half.fromFloat((float) value)
                  : BFloat16.fromFloat((float) value));
        }
        return bits.rewind();
    }
  }
}
