package io.github.clpool;

import static io.github.clpool.tensor.DataType.FLOAT32;
import static io.github.clpool.tensor.DataType.FLOAT64;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.clpool.op.Inputs;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Operators;
import io.github.clpool.op.Roi;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RoiAlign: the formulas of torchvision and ONNX worked out by hand, and slopes. */
class RoiAlignTest extends OnRois {
  private static final long SEED = 23;
  private static final double STEP = 1e-6;

  RoiAlignTest(String device) {
    super(device);
  }

  @ParameterizedTest
  @CsvSource({
    "samplingRatio=2 aligned,                       1 1 4 3,   7.25 8.75 13.25 14.75",
    "samplingRatio=2,                               1 1 4 3,   10.75 12.25 16.75 18.25",
    "samplingRatio=2 aligned mode=max,              1 1 4 3,   9.125 10.625 15.125 16.625",
    "samplingRatio=2 aligned mode=max-onnx,         1 1 4 3,   4.59375 5.90625 8.53125 9.84375",
    "samplingRatio=2 aligned spatialScale=0.5,      0 0 12 8,  4 7 16 19",
    "samplingRatio=2 spatialScale=0.5,              0 0 12 8,  7.5 10.375 18 20.875",
    "samplingRatio=2 aligned,                       -4 -4 2 2, 0 0 0 2.625",
    "samplingRatio=2,                               -4 -4 2 2, 0 0 0 4.375",
    "aligned,                                       3 3 1 1,   0 0 0 0",
    "aligned mode=max,                              3 3 1 1,   0 0 0 0",
    "samplingRatio=2 aligned,                       50 50 60 60, 0 0 0 0",
  })
  void goldenNumbers(String options, String box, String expected) {
    double[] roi = numbers("0 " + box);
    assertArrayEquals(numbers(expected), pool("roi_align output=2x2 " + options, roi));
  }

  private static double[] numbers(String text) {
    String[] words = text.trim().split(" +");
    double[] numbers = new double[words.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = Double.parseDouble(words[i]);
    }
    return numbers;
  }

  /** One sample between four cells. */
  @ParameterizedTest
  @CsvSource({
    "aligned samplingRatio=1,               2 2 2 2",
    "aligned samplingRatio=1 mode=max,      2 2 2 2",
    "aligned samplingRatio=1 mode=max-onnx, 0 0 0 2",
  })
  void gradientsAreSharedByWeight(String options, String shares) {
    double[] each = numbers(shares);
    assertArrayEquals(
        only(7, each[0], 8, each[1], 13, each[2], 14, each[3]),
        back("roi_align output=1x1 " + options, rois(0, 1, 1, 3, 3), 8));
  }

  /** Beyond the last cell's centre only that cell counts, and far outside nothing does. */
  @Test
  void atTheEndTheLastCellTakesItAll() {
    String text = "roi_align output=1x1 samplingRatio=1 aligned";
    for (String mode : new String[] {"", " mode=max", " mode=max-onnx"}) {
      assertArrayEquals(only(23, 3), back(text + mode, rois(0, 5, 3, 7, 5), 3), mode);
      assertArrayEquals(only(0, 3), back(text + mode, rois(0, -1, -1, 1, 1), 3), mode);
      assertArrayEquals(only(), back(text + mode, rois(0, -3, -3, -1, -1), 3), mode);
      assertArrayEquals(of(23), pool(text + mode, 0, 5, 3, 7, 5), mode);
    }
  }

  /** A sample outside counts as 0, which is greater than what is inside; it has no cells. */
  @Test
  void aSampleOutsideCanWin() {
    double[] x = new double[24];
    for (int i = 0; i < 24; i++) {
      x[i] = -1 - i;
    }
    String text = "roi_align output=1x1 samplingRatio=2 aligned";
    double[] roi = rois(0, -3, 0.5, 1.5, 2.5);
    for (String mode : new String[] {" mode=max", " mode=max-onnx"}) {
      assertArrayEquals(of(0), pool(FLOAT32, text + mode, PICTURE, x, roi).output());
      assertArrayEquals(only(), back(FLOAT32, text + mode, PICTURE, x, roi, 5));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"roi_pool output=2x3", "roi_pool output=2x3 avg", "roi_align output=2x3"})
  void withoutRegionsThereIsNothing(String text) {
    Shape shape = Shape.of(2, 3, 4, 5);
    double[] x = numbers(new SplittableRandom(1), 120);
    assertEquals(0, pool(FLOAT32, text, shape, x).output().length);
    assertArrayEquals(new double[120], back(FLOAT32, text, shape, x, rois()));
    Operator operator = Operators.parse(text);
    try (Tensor none = tensor(Shape.of(0, 3, 4, 5), FLOAT32);
        Tensor boxes = roisTensor(FLOAT32);
        Pass pass = pooling().forward(operator, Inputs.of(none).rois(boxes));
        Tensor g = tensor(pass.output().shape(), FLOAT32);
        Tensor dx = pass.backward(g)) {
      assertEquals(Shape.of(0, 3, 2, 3), pass.output().shape());
      assertEquals(Shape.of(0, 3, 4, 5), dx.shape());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"roi_pool output=2x3", "roi_align output=2x3 aligned mode=max"})
  void batchIndicesMayStandApart(String text) {
    Shape shape = Shape.of(3, 2, 6, 7);
    double[] x = numbers(new SplittableRandom(2), (int) shape.elements());
    double[] rows = boxes(new SplittableRandom(3), 9, shape);
    double[] corners = new double[36];
    int[] images = new int[9];
    for (int k = 0; k < 9; k++) {
      images[k] = (int) rows[k * Roi.NUMBERS];
      System.arraycopy(rows, k * Roi.NUMBERS + 1, corners, k * 4, 4);
    }
    double[] g = numbers(new SplittableRandom(4), 9 * 2 * 6);
    try (Tensor input = tensor(shape, FLOAT32, x);
        Tensor boxes = tensor(Shape.array(9, 4), FLOAT32, corners);
        Tensor batch = pooling().indices(Shape.array(9), images);
        Pass pass = pooling().forward(Operators.parse(text), Inputs.of(input).rois(boxes, batch));
        Tensor gradient = tensor(pass.output().shape(), FLOAT32, g);
        Tensor dx = pass.backward(gradient)) {
      assertArrayEquals(pool(FLOAT32, text, shape, x, rows).output(), pass.output().toDoubles());
      assertArrayEquals(back(FLOAT32, text, shape, x, rows, g), dx.toDoubles());
    }
  }

  @Test
  void anUnbatchedPictureIsImageZero() {
    double[] found =
        pool(FLOAT32, "roi_align output=1x1", Shape.unbatched(1, 4, 6), ASCENDING, 0, 1, 1, 4, 3)
            .output();
    assertArrayEquals(pool("roi_align output=1x1", 0, 1, 1, 4, 3), found);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "roi_align output=2x3",
        "roi_align output=3x2 aligned samplingRatio=2 spatialScale=0.5",
        "roi_align output=2x2 aligned mode=max",
        "roi_align output=2x3 samplingRatio=3 mode=max",
        "roi_align output=2x2 aligned samplingRatio=2 mode=max-onnx",
        "roi_align output=70x1 aligned",
        "roi_pool output=2x3",
        "roi_pool output=3x2 avg",
        "roi_pool output=1x70 avg",
      })
  void gradientsAreSlopes(String text) {
    assumeTrue(pooling().refusal(FLOAT64).isEmpty());
    Shape shape = Shape.of(2, 1, 5, 6);
    SplittableRandom random = new SplittableRandom(SEED);
    double[] x = numbers(random, 60);
    double[] rois = boxes(random, 5, shape);
    Operator operator = Operators.parse(text);
    Map<Role, Shape> given = Map.of(Role.INPUT, shape, Role.ROIS, Shape.array(5, 5));
    double[] g = numbers(random, (int) operator.shapeOf(Role.OUTPUT, given).elements());
    double[] found = back(FLOAT64, text, shape, x, rois, g);
    for (int i = 0; i < x.length; i++) {
      double at = x[i];
      x[i] = at + STEP;
      double above = dot(pool(FLOAT64, text, shape, x, rois).output(), g);
      x[i] = at - STEP;
      double below = dot(pool(FLOAT64, text, shape, x, rois).output(), g);
      x[i] = at;
      double slope = (above - below) / (2 * STEP);
      double error = 1e-7 * (1 + Math.abs(slope));
      assertEquals(slope, found[i], error, text + " at " + i + ", seed " + SEED);
    }
  }

  private static double dot(double[] a, double... b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** What is there is added once, in both layouts. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "roi_align output=2x2 aligned",
        "roi_align output=2x2 mode=max",
        "roi_pool output=2 avg"
      })
  void gradientsAccumulate(String text) {
    Shape shape = Shape.of(1, 2, 4, 5);
    double[] x = numbers(new SplittableRandom(6), 40);
    double[] rois = boxes(new SplittableRandom(7), 3, shape);
    double[] g = numbers(new SplittableRandom(8), 3 * 2 * 4);
    double[] start = numbers(new SplittableRandom(9), 40);
    double[] alone = back(FLOAT32, text, shape, x, rois, g);
    try (Tensor input = tensor(shape, FLOAT32, x);
        Tensor boxes = roisTensor(FLOAT32, rois);
        Pass pass = pooling().forward(Operators.parse(text), Inputs.of(input).rois(boxes));
        Tensor gradient = tensor(pass.output().shape(), FLOAT32, g);
        Tensor dx = tensor(shape, FLOAT32, start)) {
      pass.backward(gradient, new EnumMap<>(Map.of(Role.GRAD_INPUT, dx)), true);
      double[] sums = dx.toDoubles();
      for (int i = 0; i < 40; i++) {
        assertEquals((float) ((float) start[i] + alone[i]), sums[i]);
      }
    }
  }

  @Test
  void channelsLastIsTheSamePicture() {
    float[] channels = new float[48];
    for (int i = 0; i < 24; i++) {
      channels[2 * i] = i;
      channels[2 * i + 1] = -i;
    }
    Operator operator = Operators.parse("roi_align output=1x2 samplingRatio=2 aligned");
    try (Tensor x =
            pooling()
                .tensor(Shape.of(1, 2, 4, 6), Layout.NHWC, FLOAT32, FloatBuffer.wrap(channels));
        Tensor boxes = roisTensor(FLOAT32, 0, 1, 1, 4, 3);
        Tensor y = pooling().run(operator, Inputs.of(x).rois(boxes))) {
      assertArrayEquals(new float[] {10.25f, -10.25f, 11.75f, -11.75f}, y.toFloats());
    }
  }

  /** Rows of bins times columns of cells are more than an int counts. */
  @Test
  void manyRowsOfBinsOnAWidePlane() {
    String backend = pooling().selection().backend();
    assumeTrue(backend.equals("jvm"), "its own tables; the others take long, or end long loops");
    int bins = 1 << 11;
    int width = 1 << 20;
    Shape shape = Shape.of(1, 1, 1, width);
    double[] x = new double[width];
    x[5008] = 3;
    x[15008] = 7;
    double[] g = new double[2 * bins];
    double[] expected = new double[2 * bins];
    for (int i = 0; i < g.length; i++) {
      g[i] = i % 2 == 0 ? 0.5 : 2;
      expected[i] = i % 2 == 0 ? 3 : 7;
    }
    String operator = "roi_align output=" + bins + "x2 samplingRatio=1";
    double[] rois = rois(0, 8, 0, 20008, 1); // the samples of both columns are whole numbers
    assertArrayEquals(expected, pool(FLOAT32, operator, shape, x, rois).output());
    double[] gradient = new double[width];
    gradient[5008] = 0.5 * bins;
    gradient[15008] = 2 * bins;
    assertArrayEquals(gradient, back(FLOAT32, operator, shape, x, rois, g));
  }
}
