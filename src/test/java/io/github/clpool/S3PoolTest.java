package io.github.clpool;

import static io.github.clpool.tensor.DataType.BFLOAT16;
import static io.github.clpool.tensor.DataType.FLOAT16;
import static io.github.clpool.tensor.DataType.FLOAT32;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.clpool.op.Regions;
import io.github.clpool.op.S3Pool;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

/** S3Pool's inference by hand, on every device. */
class S3PoolTest extends OnEveryDevice {
  private static final String PAIRS = "s3_pool grid=2 window=2 inference";

  S3PoolTest(String device) {
    super(device);
  }

  @Test
  void averagesTheMaximaThatTrainingDrawsFrom() {
    // maxima at stride 1: 4 4 3; the windows of the average begin half a window before them
    for (DataType type : List.of(FLOAT32, FLOAT16, BFLOAT16)) {
      assertArrayEquals(of(4, 3.5), forward(type, PAIRS, "1x1x4", 1, 4, 2, 3).output());
      assertArrayEquals(of(0, 2, 0, 1), gradient(type, PAIRS, "1x1x4", of(1, 4, 2, 3), 1, 2));
    }
    // 2 x 2 cells have one maximum, and its average is itself
    assertArrayEquals(of(7), run(PAIRS, "1x1x2x2", 7, 1, 2, 3));
    assertArrayEquals(of(0, 0, 0, 5), gradient(FLOAT32, PAIRS, "1x1x2x2", of(1, 2, 3, 7), 5));
    // windows of one cell leave all as it is
    assertArrayEquals(of(3, 1, 2), run("s3_pool grid=3 window=1 inference", "1x1x3", 3, 1, 2));
  }

  /** A row of 1 4 2 3 everywhere: each axis is pooled alone. */
  @Test
  void threeAxes() {
    double[] x = new double[64];
    double[] y = new double[8];
    for (int i = 0; i < x.length; i++) {
      x[i] = of(1, 4, 2, 3)[i % 4];
    }
    for (int i = 0; i < y.length; i++) {
      y[i] = of(4, 3.5)[i % 2];
    }
    assertArrayEquals(y, run(PAIRS, "1x1x4x4x4", x));
    // Maxima are the first of equal ones: rows and slices 0 of the one window, 1 and 2 of the
    // other.
    double[] gradient = gradient(FLOAT32, PAIRS, "1x1x4x4x4", x, 1, 2, 0, 0, 0, 0, 0, 0);
    double[] expected = new double[64];
    expected[1] = 2; // 1 and half of 2
    expected[3] = 1;
    assertArrayEquals(expected, gradient);
  }

  @Test
  void gradientsAreRoundedOnceAtTheEnd() {
    // The middle average takes 3 of the 7 maxima, all from cell 4. A third of 193/64 is 1.0052; in
    // BFLOAT16 it would be 1.0078, three times of which is 194/64.
    double g = 193 / 64.0;
    assertArrayEquals(
        of(0, 0, 0, 0, g, 0, 0, 0, 0),
        gradient(
            BFLOAT16,
            "s3_pool grid=3 window=3 inference",
            "1x1x9",
            of(0, 0, 0, 0, 9, 0, 0, 0, 0),
            0,
            g,
            0));
  }

  @Test
  void checksWhatTrainingChecks() {
    S3Pool s3 = S3Pool.of(4, 2);
    assertEquals(
        "input size is 6 along axis 0, but must be a multiple of the grid 4",
        assertThrows(IllegalArgumentException.class, () -> s3.outputShape(Shape.of(1, 1, 6)))
            .getMessage());
    assertEquals(Regions.sampled(4, 2), s3.regions());
  }
}
