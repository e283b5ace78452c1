package io.github.clpool;

import static io.github.clpool.tensor.DataType.FLOAT16;
import static io.github.clpool.tensor.DataType.FLOAT32;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Shape;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** RoiPool: torchvision's formula worked out by hand on a picture of ascending numbers. */
class RoiPoolTest extends OnRois {
  private static final String POOL = "roi_pool output=2x2";

  RoiPoolTest(String device) {
    super(device);
  }

  private static Forward selected(double... rois) {
    return pool(FLOAT32, POOL, PICTURE, ASCENDING, rois);
  }

  @Test
  void wholeCells() {
    Forward found = selected(0, 1, 1, 4, 3);
    assertArrayEquals(of(14, 16, 20, 22), found.output());
    assertArrayEquals(new int[] {14, 16, 20, 22}, found.indices());
  }

  @Test
  void halvesAreRoundedAwayFromZero() {
    assertArrayEquals(of(14, 15, 20, 21), pool(POOL, 0, .5, .5, 2.5, 2.5));
  }

  @Test
  void binsOutsideAreEmpty() {
    Forward found = selected(0, -3, -3, 0, 0);
    assertArrayEquals(new double[4], found.output());
    assertArrayEquals(new int[] {-1, -1, -1, 0}, found.indices());
    assertArrayEquals(new int[] {-1, -1, -1, -1}, selected(0, 70, 70, 90, 90).indices());
    assertArrayEquals(new double[4], pool(POOL + " avg", 0, 70, 70, 90, 90));
  }

  @Test
  void aReversedBoxIsOneCell() {
    Forward found = selected(0, 3, 2, 1, 1);
    assertArrayEquals(of(15, 15, 15, 15), found.output());
    assertArrayEquals(new int[] {15, 15, 15, 15}, found.indices());
    assertArrayEquals(of(15, 15, 15, 15), pool(POOL + " avg", 0, 3, 2, 1, 1));
  }

  @Test
  void coordinatesAreScaled() {
    assertArrayEquals(
        of(7, 9, 11, 13, 15, 17, 19, 21, 23),
        pool("roi_pool output=3x3 spatialScale=0.5", 0, 0, 0, 10, 6));
  }

  /** Seven bins of 57 cells are more than 57 cells in float: the last one takes a cell beyond. */
  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT32", "FLOAT64"})
  void theLastBinMayReachBeyondTheBox(DataType type) {
    if (pooling().refusal(type).isPresent()) {
      return;
    }
    double[] x = new double[60];
    Arrays.setAll(x, i -> i);
    double[] found =
        pool(type, "roi_pool output=1x7", Shape.of(1, 1, 1, 60), x, 0, 0, 0, 56, 0).output();
    float bin = 57f / 7;
    int end = type == FLOAT32 ? (int) Math.ceil(7 * bin) : (int) Math.ceil(7 * (57.0 / 7));
    assertEquals(type == FLOAT32 ? 58 : 57, end, "as numpy has it for float");
    assertEquals(end - 1, found[6]);
  }

  @Test
  void averages() {
    assertArrayEquals(of(10.5, 12.5, 16.5, 18.5), pool(POOL + " avg", 0, 1, 1, 4, 3));
    assertArrayEquals(of(0, 0, 0, 0), pool(POOL + " avg", 0, -3, -3, 0, 0));
  }

  @Test
  void gradientsGoToTheSelectedCells() {
    assertArrayEquals(only(0, 4), back(POOL, rois(0, -3, -3, 0, 0), 1, 2, 3, 4));
    assertArrayEquals(only(15, 10), back(POOL, rois(0, 3, 2, 1, 1), 1, 2, 3, 4));
    assertArrayEquals(
        only(14, 1 + 10, 15, 20, 16, 2, 20, 3 + 30, 21, 40, 22, 4),
        back(POOL, rois(0, 1, 1, 4, 3, 0, .5, .5, 2.5, 2.5), 1, 2, 3, 4, 10, 20, 30, 40));
  }

  @Test
  void averagesShareTheirGradient() {
    assertArrayEquals(
        only(7, 1, 8, 1, 9, 2, 10, 2, 13, 4, 14, 4, 15, 6, 16, 6, 19, 3, 20, 3, 21, 4, 22, 4),
        back(POOL + " avg", rois(0, 1, 1, 4, 3), 4, 8, 12, 16));
  }

  @Test
  void halfTypesAreSummedInFloat() {
    double[] x = new double[24];
    Arrays.fill(x, 2048);
    x[7] = 2049; // no FLOAT16, so 2048
    x[8] = 2;
    double[] found = pool(FLOAT16, "roi_pool output=1x1 avg", PICTURE, x, 0, 1, 1, 2, 1).output();
    assertArrayEquals(of(1025), found);
  }

  @Test
  void nanAndInfinitiesAreMaxima() {
    double[] x = ASCENDING.clone();
    x[7] = Double.NaN;
    x[8] = Double.NaN;
    x[20] = Double.POSITIVE_INFINITY;
    Forward found = pool(FLOAT32, "roi_pool output=2x1", PICTURE, x, 0, 1, 1, 3, 3);
    assertArrayEquals(of(Double.NaN, Double.POSITIVE_INFINITY), found.output());
    assertArrayEquals(new int[] {8, 20}, found.indices());
  }

  /** The order of 2.2: blocks of 64 of a column's cells, then columns. */
  @Test
  void longAveragesAreCutInBlocks() {
    Shape shape = Shape.of(1, 1, 200, 1);
    double[] x = new double[200];
    Arrays.fill(x, 0x1p-24);
    x[0] = 1;
    double[] found = pool(FLOAT32, "roi_pool output=1x1 avg", shape, x, 0, 0, 0, 0, 199).output();
    float sum = 1; // 1 + 2^-24 is 1 again, but the second block's 64 * 2^-24 is not lost
    sum += 64 * 0x1p-24f;
    sum += 64 * 0x1p-24f;
    sum += 8 * 0x1p-24f;
    assertArrayEquals(of(sum / 200f), found);
  }

  @Test
  void manyRegionsOnOneImageAndOnMany() {
    boolean endsLoops = pooling().selection().device().contains("llvmpipe");
    int count = TestDevices.isSimulator() ? 50 : endsLoops ? 1000 : 2000;
    String maxima = "roi_align output=3x2 mode=max" + (endsLoops ? " samplingRatio=2" : "");
    for (Shape shape : new Shape[] {Shape.of(1, 2, 30, 41), Shape.of(40, 2, 9, 11)}) {
      double[] x = numbers(new SplittableRandom(3), (int) shape.elements());
      double[] rois = boxes(new SplittableRandom(4), count, shape);
      double[] g = numbers(new SplittableRandom(5), count * 2 * 6);
      for (String text :
          new String[] {
            "roi_pool output=3x2", "roi_pool output=3x2 avg", "roi_align output=3x2 aligned", maxima
          }) {
        double[] y = pool(FLOAT32, text, shape, x, rois).output();
        double[] dx = back(FLOAT32, text, shape, x, rois, g);
        double[][] expected = onReference(text, shape, x, rois, g);
        assertArrayEquals(expected[0], y, text + ", seeds 3, 4, 5");
        assertArrayEquals(expected[1], dx, text + ", seeds 3, 4, 5");
      }
    }
  }
}
