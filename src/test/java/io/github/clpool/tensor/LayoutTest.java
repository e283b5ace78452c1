package io.github.clpool.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class LayoutTest {
  @Test
  void everyElementHasItsOwnPlace() {
    for (Shape shape : List.of(Shape.of(2, 3, 5), Shape.of(2, 3, 4, 5), Shape.of(2, 3, 2, 4, 5))) {
      for (Layout layout : Layout.values()) {
        BitSet places = new BitSet();
        for (int n = 0; n < shape.n(); n++) {
          for (int c = 0; c < shape.c(); c++) {
            for (int cell = 0; cell < shape.planeSize(); cell++) {
              places.set((int) (layout.planeOffset(shape, n, c) + cell * layout.cellStride(shape)));
            }
          }
        }
        assertEquals(shape.elements(), places.cardinality());
        assertEquals(shape.elements(), places.length());
      }
    }
  }

  @Test
  void theFastestAxis() {
    Shape shape = Shape.of(2, 3, 4, 5);
    assertEquals(1 * 60 + 2 * 20 + 7, Layout.NCHW.planeOffset(shape, 1, 2) + 7);
    assertEquals(1 * 60 + 7 * 3 + 2, Layout.NHWC.planeOffset(shape, 1, 2) + 7 * 3);
  }
}
