package io.github.clpool;

import static io.github.clpool.tensor.DataType.FLOAT32;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.github.clpool.op.Operators;
import io.github.clpool.op.Roi;
import io.github.clpool.op.RoiAlign;
import io.github.clpool.op.RoiOperator;
import io.github.clpool.op.RoiPool;
import io.github.clpool.tensor.Shape;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Boxes of all sizes at all distances, where coordinates are so large that rounding moves the ends
 * of bins by cells: their bins are the reference's.
 */
class RoiGeometryTest extends OnRois {
  private static final long SEED = 20;
  private static final int COUNT = 10;
  private static final int ROUNDS = 2;
  private static final int SAMPLES = 300;
  private static final RoiOperator FULL = RoiPool.output(1, 1); // takes any box
  private static final int FARTHEST = 24; // 2^24 cells

  RoiGeometryTest(String device) {
    super(device);
  }

  @ParameterizedTest
  @CsvSource({
    "roi_pool output=3x2, 7x9",
    "roi_pool output=3x40 avg, 5x150",
    "roi_align output=3x2, 7x9",
    "roi_align output=2x1 aligned, 5x150",
    "roi_align output=70x5, 3x40",
    "roi_align output=3x40 aligned samplingRatio=3, 6x150",
    "roi_align output=2x3 samplingRatio=16, 5x9",
    "roi_align output=3x2 mode=max, 7x9",
    "roi_align output=1x9 aligned mode=max, 7x30",
    "roi_align output=4x3 aligned samplingRatio=5 mode=max, 7x9",
    "roi_align output=3x9 mode=max-onnx, 2x20",
  })
  void binsAreTheReferences(String text, String size) {
    RoiOperator operator = (RoiOperator) Operators.parse(text);
    String[] sizes = size.split("x");
    Shape shape = Shape.of(2, 1, Integer.parseInt(sizes[0]), Integer.parseInt(sizes[1]));
    for (long seed = SEED; seed < SEED + ROUNDS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      double[] rois = new double[COUNT * Roi.NUMBERS];
      for (int k = 0; k < COUNT; ) {
        double[] drawn = box(random, shape);
        System.arraycopy(drawn, 0, rois, k * Roi.NUMBERS, Roi.NUMBERS);
        k += isSmall(operator, shape, drawn) ? 1 : 0;
      }
      double[] x = numbers(random, (int) shape.elements());
      int bins = operator.outputHeight() * operator.outputWidth();
      double[] g = numbers(random, COUNT * bins);
      double[][] expected = onReference(text, shape, x, rois, g);
      String message = text + ", seed " + seed;
      assertArrayEquals(expected[0], pool(FLOAT32, text, shape, x, rois).output(), message);
      assertArrayEquals(expected[1], back(FLOAT32, text, shape, x, rois, g), message);
    }
  }

  /** Whether the reference goes through its samples soon. */
  private static boolean isSmall(RoiOperator operator, Shape shape, double... box) {
    if (!(operator instanceof RoiAlign align)) {
      return true;
    }
    Roi roi = FULL.rois(shape, FLOAT32, box).get(0);
    int rows = align.rows(roi, shape.h()).samples();
    int columns = align.columns(roi, shape.w()).samples();
    return (rows + 1L) * (columns + 1L) <= SAMPLES;
  }

  private static double[] box(SplittableRandom random, Shape shape) {
    double[] x = side(random, shape.w());
    double[] y = side(random, shape.h());
    return new double[] {random.nextInt((int) shape.n()), x[0], y[0], x[1], y[1]};
  }

  /** From near to far before the input, to as far behind it, or anything, reversed boxes too. */
  private static double[] side(SplittableRandom random, int size) {
    double before = random.nextDouble() * size - distance(random);
    double behind = random.nextDouble() * size + distance(random);
    return switch (random.nextInt(4)) {
      case 0 -> new double[] {clip(behind), clip(before)};
      case 1 -> new double[] {clip(before), clip(before + distance(random))};
      default -> new double[] {clip(before), clip(behind)};
    };
  }

  private static double distance(SplittableRandom random) {
    return Math.scalb(random.nextDouble(), random.nextInt(FARTHEST + 1));
  }

  private static double clip(double coordinate) {
    double farthest = 1 << FARTHEST;
    return (float) Math.min(Math.max(coordinate, -farthest), farthest);
  }
}
