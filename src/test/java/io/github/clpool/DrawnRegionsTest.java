package io.github.clpool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.clpool.backend.Preference;
import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Fractional;
import io.github.clpool.op.Inputs;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Operators;
import io.github.clpool.op.Problem;
import io.github.clpool.op.RandomKey;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fractional and sampled regions on every device: places by hand, from samples and from keys. */
class DrawnRegionsTest extends OnEveryDevice {
  private static final Operator FRACTIONAL = Operators.parse("max fractional=2 outputSize=4");
  private static final Operator FLAT = Operators.parse("max fractional=2x3 outputSize=5x4");
  private static final Operator SAMPLED = Operators.parse("max sampled=2 grid=4");

  DrawnRegionsTest(String device) {
    super(device);
  }

  private static float[] ramp(Shape shape) {
    float[] values = new float[(int) shape.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % shape.planeSize();
    }
    return values;
  }

  @Test
  void fractionalByHand() {
    // alpha = (7 - 2) / (4 - 1) = 5/3: u = 0.5 starts at 0, 2, 4, 5; u = 0 at 0, 1, 3, 5
    Shape shape = Shape.of(2, 1, 7);
    try (Tensor x = pooling().tensor(shape, ramp(shape));
        Tensor samples = pooling().tensor(Shape.array(2, 1, 1), 0.5f, 0f);
        Pass pass = pooling().forward(FRACTIONAL, Inputs.of(x).samples(samples));
        Tensor g = pooling().tensor(pass.output().shape(), 1, 2, 3, 4, 5, 6, 7, 8);
        Tensor dx = pass.backward(g)) {
      assertArrayEquals(new float[] {1, 3, 5, 6, 1, 2, 4, 6}, pass.output().toFloats());
      assertArrayEquals(new int[] {1, 3, 5, 6, 1, 2, 4, 6}, pass.indices().toInts());
      assertArrayEquals(new float[] {0, 1, 0, 2, 0, 3, 4, 0, 5, 6, 0, 7, 0, 8}, dx.toFloats());
    }
  }

  @Test
  void theFirstSampleOfAPlaneIsOfTheWidth() {
    Shape shape = Shape.of(1, 1, 7, 7);
    float[] right = new float[16];
    int[] rows = {0, 2, 4, 5};
    int[] columns = {0, 1, 3, 5};
    for (int i = 0; i < right.length; i++) {
      right[i] = 7 * (rows[i / 4] + 1) + columns[i % 4] + 1;
    }
    try (Tensor x = pooling().tensor(shape, ramp(shape));
        Tensor samples = pooling().tensor(Shape.array(1, 1, 2), 0f, 0.5f);
        Tensor y = pooling().run(FRACTIONAL, Inputs.of(x).samples(samples))) {
      assertArrayEquals(right, y.toFloats());
    }
  }

  @Test
  void averagesCountTheCellsOfOverlappingRegions() {
    Operator average = Operators.parse("avg fractional=2 outputSize=4");
    Shape shape = Shape.of(1, 1, 7);
    try (Tensor x = pooling().tensor(shape, ramp(shape));
        Tensor samples = pooling().tensor(Shape.array(1, 1, 1), 0.5f);
        Pass pass = pooling().forward(average, Inputs.of(x).samples(samples));
        Tensor g = pooling().tensor(pass.output().shape(), 2, 4, 6, 8);
        Tensor dx = pass.backward(g)) {
      assertArrayEquals(new float[] {0.5f, 2.5f, 4.5f, 5.5f}, pass.output().toFloats());
      assertArrayEquals(new float[] {1, 1, 2, 2, 3, 3 + 4, 4}, dx.toFloats());
    }
  }

  @Test
  void aKeyDrawsTheSamplesWhateverTheLayout() {
    Shape shape = Shape.of(2, 3, 11, 13);
    RandomKey key = new RandomKey(77, 3);
    double[] drawn = Fractional.samples(shape, key);
    float[] floats = new float[drawn.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) drawn[i];
    }
    float[] x = ramp(shape);
    FloatBuffer last = FloatBuffer.allocate(x.length); // the same numbers, channels last
    for (int n = 0; n < 2; n++) {
      for (int cell = 0; cell < 11 * 13; cell++) {
        for (int c = 0; c < 3; c++) {
          last.put(x[(n * 3 + c) * 11 * 13 + cell]);
        }
      }
    }
    try (Tensor input = pooling().tensor(shape, x);
        Tensor samples = pooling().tensor(Shape.array(2, 3, 2), floats);
        Tensor channelsLast =
            pooling().tensor(shape, Layout.NHWC, DataType.FLOAT32, last.rewind());
        Tensor given = pooling().run(FLAT, Inputs.of(input).samples(samples));
        Tensor byKey = pooling().run(FLAT, Inputs.of(input).key(key));
        Tensor inLayout = pooling().run(FLAT, Inputs.of(channelsLast).key(key));
        Tensor next = pooling().run(FLAT, Inputs.of(input).key(key.next()))) {
      float[] right = given.toFloats();
      assertArrayEquals(right, byKey.toFloats());
      float[] moved = inLayout.toFloats();
      for (int i = 0; i < right.length; i++) {
        int plane = i / 20;
        assertEquals(right[i], moved[(plane / 3 * 20 + i % 20) * 3 + plane % 3]);
      }
      assertFalse(Arrays.equals(right, next.toFloats()), "the next call draws anew");
    }
  }

  @Test
  void sampledPlacesAreThoseOfAllPlanes() {
    Shape shape = Shape.of(2, 2, 8, 12);
    try (Tensor x = pooling().tensor(shape, ramp(shape));
        Pass pass = pooling().forward(SAMPLED, Inputs.of(x).key(RandomKey.of(5)));
        Tensor again = pooling().run(SAMPLED, Inputs.of(x).key(RandomKey.of(5)));
        Tensor next = pooling().run(SAMPLED, Inputs.of(x).key(RandomKey.of(5).next()))) {
      float[] y = pass.output().toFloats();
      for (int i = 0; i < y.length; i++) {
        assertEquals(y[i % 24], y[i]);
      }
      assertArrayEquals(y, again.toFloats());
      assertFalse(Arrays.equals(y, next.toFloats()), "the next call draws anew");
    }
  }

  @ParameterizedTest
  @CsvSource({"FLOAT32, NCHW", "FLOAT32, NHWC", "FLOAT64, NCHW", "BFLOAT16, NHWC"})
  void namesTheFirstBadSampleWhateverFindsIt(DataType type, Layout layout) {
    Assumptions.assumeTrue(pooling().refusal(type).isEmpty());
    Shape shape = Shape.of(2, 2, 11, 13);
    double[] zeros = new double[(int) shape.elements()];
    double[] bad = {0, Double.NaN, 1, -0.5};
    for (double each : bad) {
      double[] values = new double[8];
      values[5] = each;
      values[6] = Double.NaN;
      String at = each == 0 ? "NaN at (1, 1, 0)" : each + " at (1, 0, 1)";
      String message = "samples have " + at + ", but must be at least 0 and below 1";
      DataType computing = type == DataType.FLOAT64 ? type : DataType.FLOAT32;
      try (Tensor x = tensor(pooling(), shape, layout, type, zeros);
          Tensor samples = tensor(Shape.array(2, 2, 2), computing, values)) {
        Inputs inputs = Inputs.of(x).samples(samples);
        assertEquals(message, refusal(() -> pooling().run(FLAT, inputs).close()));
        for (String text :
            List.of("max fractional=2x3 outputSize=5x4", "avg fractional=2x3 outputSize=5x4")) {
          for (Direction direction : Direction.values()) {
            refusedByAll(Operators.parse(text), direction, inputs, message);
          }
        }
      }
    }
  }

  private static void refusedByAll(
      Operator operator, Direction direction, Inputs inputs, String message) {
    Tensor x = inputs.x();
    Map<Role, Tensor> tensors = new EnumMap<>(Role.class);
    boolean forward = direction == Direction.FORWARD;
    Shape output = operator.outputShape(x.shape());
    try (Tensor y = pooling().empty(output, x.layout(), x.type());
        Tensor dx = pooling().empty(x.shape(), x.layout(), x.type());
        Tensor indices = pooling().empty(output, x.layout(), DataType.INT32)) {
      tensors.put(Role.SAMPLES, inputs.tensors().get(Role.SAMPLES));
      tensors.put(forward ? Role.OUTPUT : Role.GRAD_OUTPUT, y);
      tensors.put(forward ? Role.INPUT : Role.GRAD_INPUT, forward ? x : dx);
      if (operator.hasIndices()) {
        tensors.put(Role.INDICES, indices);
      }
      Map<Role, Shape> shapes = new EnumMap<>(Role.class);
      tensors.forEach((role, tensor) -> shapes.put(role, tensor.shape()));
      Problem problem =
          new Problem(operator, direction, x.shape(), x.layout(), x.type(), shapes, false);
      for (Verdict verdict : pooling().explain(problem)) {
        if (verdict.accepted()) {
          Pooling by = pooling().with(Preference.implementation(verdict.implementation()));
          assertEquals(
              message,
              refusal(() -> by.compute(operator, direction, tensors, false)),
              verdict::toString);
        }
      }
    }
  }

  /** A device finds out after the call. */
  private static String refusal(Executable call) {
    return assertThrows(
            IllegalArgumentException.class,
            () -> {
              call.execute();
              pooling().finish();
            })
        .getMessage();
  }

  @Test
  void needsAKeyOrSamples() {
    Shape shape = Shape.of(1, 1, 12, 12);
    try (Tensor x = pooling().tensor(shape, ramp(shape));
        Tensor samples = pooling().tensor(Shape.array(1, 1, 3), 0, 0, 0)) {
      assertEquals(
          "key is missing, but max fractional=2x3 outputSize=5x4 draws random numbers (Inputs.key)",
          assertThrows(IllegalArgumentException.class, () -> pooling().run(FLAT, x)).getMessage());
      assertEquals(
          "key is missing, but max sampled=2 grid=4 draws random numbers (Inputs.key)",
          assertThrows(IllegalArgumentException.class, () -> pooling().run(SAMPLED, x))
              .getMessage());
      Inputs wrong = Inputs.of(x).samples(samples);
      assertEquals(
          "samples has shape 1x1x3, but max fractional=2x3 outputSize=5x4 of input 1x1x12x12 needs"
              + " 1x1x2",
          assertThrows(IllegalArgumentException.class, () -> pooling().run(FLAT, wrong))
              .getMessage());
    }
  }
}
