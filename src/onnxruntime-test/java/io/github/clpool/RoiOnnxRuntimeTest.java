package io.github.clpool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.clpool.op.Inputs;
import io.github.clpool.op.RoiAlign;
import io.github.clpool.op.RoiOperator;
import io.github.clpool.op.RoiPool;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.nio.Buffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** RoiPool and RoiAlign against ONNX Runtime: random boxes, partly outside the picture. */
class RoiOnnxRuntimeTest {
  private static final long SEED = 31;
  private static final int CASES = TestDevices.isSimulator() ? 30 : 300;

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final SplittableRandom random = new SplittableRandom(SEED);

  /** Numbers of both signs and four boxes on a picture, in doubles that are floats. */
  private final class Data {
    final int images = random.nextInt(1, 4);
    final int channels = random.nextInt(1, 4);
    final int height = random.nextInt(1, 30);
    final int width = random.nextInt(1, 30);
    final int count = random.nextInt(1, 12);
    final double[] x = new double[images * channels * height * width];
    final double[] corners = new double[count * 4];
    final long[] batch = new long[count];

    Data(double scale, boolean reversed) {
      for (int i = 0; i < x.length; i++) {
        x[i] = (float) random.nextDouble(-5, 5);
      }
      for (int k = 0; k < count; k++) {
        batch[k] = random.nextInt(images);
        for (int axis = 0; axis < 2; axis++) {
          int size = axis == 0 ? width : height;
          double a = random.nextDouble(-0.5, 1.5) * size / scale;
          double b = random.nextDouble(-0.5, 1.5) * size / scale;
          boolean swap = a > b && !(reversed && random.nextInt(4) == 0);
          boolean whole = random.nextInt(4) == 0;
          corners[k * 4 + axis] = (float) (whole ? Math.rint(swap ? b : a) : swap ? b : a);
          corners[k * 4 + axis + 2] = (float) (whole ? Math.rint(swap ? a : b) : swap ? a : b);
        }
      }
    }

    double[] rows() {
      double[] rows = new double[count * 5];
      for (int k = 0; k < count; k++) {
        rows[k * 5] = batch[k];
        System.arraycopy(corners, k * 4, rows, k * 5 + 1, 4);
      }
      return rows;
    }

    Shape shape() {
      return Shape.of(images, channels, height, width);
    }
  }

  private static FloatBuffer floats(double... numbers) {
    FloatBuffer floats = FloatBuffer.allocate(numbers.length);
    for (double number : numbers) {
      floats.put((float) number);
    }
    return floats.rewind();
  }

  private static Buffer buffer(DataType type, double... numbers) {
    return type == DataType.FLOAT64 ? DoubleBuffer.wrap(numbers) : floats(numbers);
  }

  private OnnxTensor onnx(DataType type, double[] numbers, long... sizes) throws OrtException {
    return type == DataType.FLOAT64
        ? OnnxTensor.createTensor(environment, DoubleBuffer.wrap(numbers), sizes)
        : OnnxTensor.createTensor(environment, floats(numbers), sizes);
  }

  private double[] run(OnnxModel model, Map<String, OnnxTensor> inputs) throws OrtException {
    try (OrtSession session = environment.createSession(model.bytes());
        OrtSession.Result result = session.run(inputs)) {
      OnnxTensor y = (OnnxTensor) result.get(0);
      if (y.getInfo().type == ai.onnxruntime.OnnxJavaType.DOUBLE) {
        return y.getDoubleBuffer().array();
      }
      FloatBuffer floats = y.getFloatBuffer();
      double[] numbers = new double[floats.remaining()];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = floats.get(i);
      }
      return numbers;
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private static double[] ours(
      Pooling pooling, RoiOperator operator, Data data, DataType type, boolean apart) {
    Shape rois = Shape.array(data.count, apart ? 4 : 5);
    double[] numbers = apart ? data.corners : data.rows();
    int[] batch = new int[data.count];
    for (int k = 0; k < batch.length; k++) {
      batch[k] = (int) data.batch[k];
    }
    try (Tensor x = pooling.tensor(data.shape(), Layout.NCHW, type, buffer(type, data.x));
        Tensor boxes = pooling.tensor(rois, Layout.NCHW, type, buffer(type, numbers));
        Tensor images = pooling.indices(Shape.array(data.count), batch);
        Tensor y =
            pooling.run(
                operator, apart ? Inputs.of(x).rois(boxes, images) : Inputs.of(x).rois(boxes))) {
      return y.toDoubles();
    }
  }

  private double scale() {
    return new double[] {1, 0.5, 0.0625, (float) (1 / 3.0)}[random.nextInt(4)];
  }

  @ParameterizedTest
  @MethodSource("io.github.clpool.TestDevices#all")
  void maximaAreThoseOfMaxRoiPool(String device) throws OrtException {
    try (Pooling pooling = TestDevices.open(device)) {
      for (int i = 0; i < CASES; i++) {
        double scale = scale();
        Data data = new Data(scale, true);
        int rows = random.nextInt(1, 9);
        int columns = random.nextInt(1, 9);
        OnnxModel model =
            new OnnxModel("MaxRoiPool", 16)
                .input("x", OnnxModel.Type.FLOAT, 4)
                .input("rois", OnnxModel.Type.FLOAT, 2)
                .output("y", OnnxModel.Type.FLOAT, 4)
                .attribute("pooled_shape", new long[] {rows, columns})
                .attribute("spatial_scale", (float) scale);
        double[] theirs =
            run(
                model,
                Map.of(
                    "x", onnx(DataType.FLOAT32, data.x, data.shape().sizes()),
                    "rois", onnx(DataType.FLOAT32, data.rows(), data.count, 5)));
        RoiOperator operator = RoiPool.output(rows, columns).spatialScale(scale);
        double[] found = ours(pooling, operator, data, DataType.FLOAT32, i % 2 == 0);
        assertArrayEquals(theirs, found, operator + " on " + data.shape() + ", case " + i);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.github.clpool.TestDevices#all")
  void samplesAreThoseOfRoiAlign(String device) throws OrtException {
    try (Pooling pooling = TestDevices.open(device)) {
      for (int i = 0; i < 2 * CASES; i++) {
        boolean wide = i % 5 == 0 && pooling.refusal(DataType.FLOAT64).isEmpty();
        DataType type = wide ? DataType.FLOAT64 : DataType.FLOAT32;
        double scale = scale();
        boolean aligned = i % 2 == 0;
        boolean maximum = i % 3 == 0;
        int samples = random.nextInt(4);
        // ONNX Runtime refuses to draw the negative number of samples of reversed boxes
        Data data = new Data(scale, samples > 0 || !aligned);
        RoiAlign operator =
            RoiAlign.output(random.nextInt(1, 8), random.nextInt(1, 8))
                .spatialScale(scale)
                .samplingRatio(samples)
                .mode(maximum ? RoiAlign.Mode.MAX_ONNX : RoiAlign.Mode.AVG);
        operator = aligned ? operator.aligned() : operator;
        double[] theirs = run(OnnxModel.of(operator, element(type)), inputs(data, type));
        double[] found = ours(pooling, operator, data, type, i % 2 == 0);
        String message = operator + " on " + data.shape() + ", case " + i + ", seed " + SEED;
        assertEquals(theirs.length, found.length, message);
        // they add in another order, and may fuse a product and a sum
        double error = wide ? 1e-12 : 2e-4;
        for (int j = 0; j < found.length; j++) {
          assertEquals(theirs[j], found[j], error, message + ", output " + j);
        }
      }
    }
  }

  private static OnnxModel.Type element(DataType type) {
    return type == DataType.FLOAT64 ? OnnxModel.Type.DOUBLE : OnnxModel.Type.FLOAT;
  }

  private Map<String, OnnxTensor> inputs(Data data, DataType type) throws OrtException {
    return Map.of(
        "x", onnx(type, data.x, data.shape().sizes()),
        "rois", onnx(type, data.corners, data.count, 4),
        "batch_indices",
            OnnxTensor.createTensor(
                environment, LongBuffer.wrap(data.batch), new long[] {data.count}));
  }
}
