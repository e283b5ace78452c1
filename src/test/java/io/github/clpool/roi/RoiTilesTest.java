package io.github.clpool.roi;

import static io.github.clpool.tensor.DataType.FLOAT32;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.clpool.op.Roi;
import io.github.clpool.op.RoiPool;
import io.github.clpool.tensor.Shape;
import java.util.Collections;
import org.junit.jupiter.api.Test;

class RoiTilesTest {
  @Test
  void moreThanAnArrayHoldsIsRefused() {
    Roi roi = RoiPool.output(1, 1).rois(Shape.of(2, 1, 4, 6), FLOAT32, 0, 0, 0, 1, 1).get(0);
    int[] boxes = new int[200 * RoiCovers.BOX];
    for (int at = 0; at < boxes.length; at += RoiCovers.BOX) {
      boxes[at + 1] = 4096;
      boxes[at + 3] = 4096;
    }
    Exception refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> new RoiTiles(Collections.nCopies(200, roi), boxes, 1, 4096, 4096, 1, 1));
    assertEquals(
        "rois are 200, which touch 3355443200 tiles of the input together, but must touch at most"
            + " 2147483639",
        refused.getMessage());
  }
}
