package io.github.clpool;

import static io.github.clpool.tensor.DataType.FLOAT16;
import static io.github.clpool.tensor.DataType.FLOAT32;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.clpool.op.Direction;
import io.github.clpool.op.Inputs;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Operators;
import io.github.clpool.op.RoiOperator;
import io.github.clpool.op.RoiPool;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad regions of interest: the same text on every device, and nothing is given. */
class RoiErrorsTest extends OnRois {
  private static final Shape INPUT = Shape.of(2, 1, 4, 6);

  RoiErrorsTest(String device) {
    super(device);
  }

  /** A device finds out after the call. */
  private void assertRefused(String text, Executable call) {
    assertEquals(
        text,
        assertThrows(
                IllegalArgumentException.class,
                () -> {
                  call.execute();
                  pooling().finish();
                })
            .getMessage());
  }

  /** The second of three regions is wrong, and so is the third. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "roi_pool output=2 | 2 0 0 1 1 | rois[1] has batch index 2.0, but must have an integer in"
            + " [0, 2)",
        "roi_pool output=2 | -1 0 0 1 1 | rois[1] has batch index -1.0, but must have an integer in"
            + " [0, 2)",
        "roi_align output=2 | 0.5 0 0 1 1 | rois[1] has batch index 0.5, but must have an integer"
            + " in [0, 2)",
        "roi_align output=2 | NaN 0 0 1 1 | rois[1] has batch index NaN, but must have an integer"
            + " in [0, 2)",
        "roi_align output=2 spatialScale=2.0 | 0 NaN 0 1 1 | rois[1] has x1 NaN, times spatialScale"
            + " 2.0 is NaN, but must be within 2^24 cells",
        "roi_align output=2 spatialScale=2.0 | 0 0 Infinity 1 1 | rois[1] has y1 Infinity, times"
            + " spatialScale 2.0 is Infinity, but must be within 2^24 cells",
        "roi_pool output=2 spatialScale=2.0 | 0 0 0 8388609 1 | rois[1] has x2 8388609.0, times"
            + " spatialScale 2.0 is 1.6777218E7, but must be within 2^24 cells",
        "roi_pool output=2 | 0 0 0 1 -2e9 | rois[1] has y2 -2.0E9, times spatialScale 1.0 is"
            + " -2.0E9, but must be within 2^24 cells",
        "roi_align output=2 | 0 0 0 4096 4096 | rois[1] has 2048 x 2048 samples in a bin, but must"
            + " have at most 1048576",
      })
  void theFirstBadRegionIsNamed(String operator, String row, String message) {
    String[] words = row.split(" ");
    double[] rois = {0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 7, 0, 0, 1, 1};
    for (int i = 0; i < 5; i++) {
      rois[5 + i] = Double.parseDouble(words[i]);
    }
    Operator parsed = Operators.parse(operator);
    Shape output = Shape.of(3, 1, 2, 2);
    try (Tensor x = tensor(INPUT, FLOAT32, new double[48]);
        Tensor boxes = roisTensor(FLOAT32, rois);
        Tensor y = tensor(output, FLOAT32, of(9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9));
        Tensor dx = tensor(INPUT, FLOAT32, new double[48])) {
      assertRefused(message, () -> pooling().run(parsed, Inputs.of(x).rois(boxes)).close());
      Map<Role, Tensor> tensors = Map.of(Role.INPUT, x, Role.ROIS, boxes, Role.OUTPUT, y);
      assertRefused(message, () -> pooling().compute(parsed, Direction.FORWARD, tensors, false));
      assertHolds(of(9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9), y, message);
      if (!parsed.hasIndices()) {
        Map<Role, Tensor> back = Map.of(Role.GRAD_OUTPUT, y, Role.ROIS, boxes, Role.GRAD_INPUT, dx);
        assertRefused(message, () -> pooling().compute(parsed, Direction.BACKWARD, back, false));
        assertHolds(new double[48], dx, message);
      }
    }
  }

  /** A device gives no elements of a result that is none. */
  private void assertHolds(double[] expected, Tensor result, String message) {
    if (pooling().selection().backend().equals("opencl")) {
      assertRefused(message, result::toDoubles);
    } else {
      assertArrayEquals(expected, result.toDoubles());
    }
  }

  @Test
  void batchIndicesApartAreCheckedToo() {
    try (Tensor x = tensor(INPUT, FLOAT32, new double[48]);
        Tensor boxes = tensor(Shape.array(2, 4), FLOAT32, new double[8]);
        Tensor batch = pooling().indices(Shape.array(2), 1, 2);
        Tensor three = pooling().indices(Shape.array(3), 0, 0, 0)) {
      Operator operator = Operators.parse("roi_pool output=2");
      assertRefused(
          "rois[1] has batch index 2.0, but must have an integer in [0, 2)",
          () -> pooling().run(operator, Inputs.of(x).rois(boxes, batch)).close());
      assertRefused(
          "batch indices has shape 3, but rois of 2x4 need 2",
          () -> pooling().run(operator, Inputs.of(x).rois(boxes, three)));
      assertRefused(
          "batch indices are given, but rois are missing",
          () -> pooling().run(operator, Inputs.of(x).with(Role.BATCH_INDICES, batch)));
      assertRefused(
          "rois has shape 2x4, but roi_pool output=2x2 needs Kx5: batch index, x1, y1, x2, y2",
          () -> pooling().run(operator, Inputs.of(x).rois(boxes)));
    }
  }

  /** More than tables in Java could list; devices make none of such sizes. */
  @Test
  void tooMuchTogetherIsRefusedInJava() {
    assumeFalse(pooling().selection().backend().equals("opencl"));
    Operator operator = Operators.parse("roi_align output=512x1 samplingRatio=1024");
    try (Tensor x = tensor(INPUT, FLOAT32, new double[48]);
        Tensor boxes = tensor(Shape.array(512, 5), FLOAT32, new double[512 * 5])) {
      assertRefused(
          "rois are 512, whose bins take up to 537921536 cells and samples along both axes, but"
              + " must take at most 536870912 together",
          () -> pooling().run(operator, Inputs.of(x).rois(boxes)));
    }
    RoiOperator roiPool = RoiPool.output(1, 1);
    assertRefused(
        "input has shape 2147483648x1x1x1, but must be at most 2147483647 images for regions of"
            + " interest",
        () -> roiPool.rois(Shape.of(1L << 31, 1, 1, 1), FLOAT32, 0, 0, 0, 1, 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"roi_pool output=2x2", "roi_align output=2x2 aligned"})
  void shapesAndTypes(String text) {
    Operator operator = Operators.parse(text);
    try (Tensor x = tensor(INPUT, FLOAT32, new double[48]);
        Tensor line = tensor(Shape.of(1, 1, 6), FLOAT32, new double[6]);
        Tensor none = tensor(Shape.of(0, 1, 4, 6), FLOAT32);
        Tensor halves = tensor(Shape.array(1, 5), FLOAT16, new double[5]);
        Tensor boxes = roisTensor(FLOAT32, 0, 0, 0, 1, 1);
        Tensor planes = tensor(Shape.of(1, 1, 5), FLOAT32, new double[5]);
        Tensor batch = pooling().indices(Shape.array(1), 0)) {
      assertRefused(
          "rois is missing, but " + text + " needs it (Inputs.rois)",
          () -> pooling().run(operator, x));
      assertRefused(
          "rois has type FLOAT16, but must have FLOAT32 for an input of FLOAT32",
          () -> pooling().run(operator, Inputs.of(x).rois(halves)));
      assertRefused(
          "rois has shape 1x1x5, but " + text + " needs Kx5: batch index, x1, y1, x2, y2",
          () -> pooling().run(operator, Inputs.of(x).rois(planes)));
      assertRefused(
          "rois has shape 1x5, but " + text + " needs Kx4 with batch indices: x1, y1, x2, y2",
          () -> pooling().run(operator, Inputs.of(x).rois(boxes, batch)));
      assertRefused(
          "rois has shape 1x5, but an empty batch 0x1x4x6 has no regions",
          () -> pooling().run(operator, Inputs.of(none).rois(boxes)));
      assertRefused(
          "input has shape 1x1x6, but " + text + " needs planes of two axes",
          () -> pooling().run(operator, Inputs.of(line).rois(boxes)));
    }
  }

  /** The rule is about the computing type: what is far for float is checked in float. */
  @Test
  void coordinatesMayBeAsFarAsTheRuleSays() {
    double[] far = rois(0, -16777216, -16777216, 16777216, 16777216);
    assertArrayEquals(of(23), pool("roi_pool output=1", far));
    DataType type = FLOAT32;
    assertArrayEquals(
        of(0),
        pool(type, "roi_align output=1 samplingRatio=1", PICTURE, new double[24], far).output());
  }
}
