package io.github.clpool.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShapeTest {
  @Test
  void missingAxesAreOne() {
    Shape line = Shape.of(2, 3, 7);
    assertEquals("1 1 7", line.d() + " " + line.h() + " " + line.w());
    Shape plane = Shape.of(2, 3, 5, 7);
    assertEquals("1 5 7", plane.d() + " " + plane.h() + " " + plane.w());
    Shape volume = Shape.of(2, 3, 4, 5, 7);
    assertEquals("4 5 7", volume.d() + " " + volume.h() + " " + volume.w());
    assertEquals(140, volume.planeSize());
    assertEquals(6, volume.planeCount());
    assertEquals(840, volume.elements());
  }

  @Test
  void anUnbatchedShapeIsABatchOfOneThatIsNotPrinted() {
    Shape shape = Shape.unbatched(3, 5, 7);
    assertEquals(1, shape.n());
    assertFalse(shape.isBatched());
    assertArrayEquals(new long[] {3, 5, 7}, shape.sizes());
    assertEquals("[3x5x7]", shape.toString());
    assertNotEquals(Shape.of(1, 3, 5, 7), shape);
    assertEquals(Shape.unbatched(3, 2, 2), shape.withSpatial(2, 2));
    assertEquals(Shape.unbatched(6, 5, 7), shape.withChannels(6));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"17x5", "0x5", "1x2x3", "0x2x3x4", "1x2x3x4x5", "[2x3]", "[2x3x4]", "[2x3x4x5]"})
  void textsReadBack(String text) {
    Shape shape = Shape.parse(text);
    assertEquals(text, shape.toString());
    assertEquals(shape, Shape.parse(shape.toString()));
    assertEquals(shape.hashCode(), Shape.parse(text).hashCode());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "3",
        "1x-2",
        "[2]",
        "1x2x3x4x5x6",
        "[2x3x4x5x6]",
        "ax2x3",
        "1x2x-3",
        "1x0x3",
        "-1x2x3",
        "1x2x3x",
        "1x2x0",
        "1x1x2147483648",
        "1x1x65536x65536"
      })
  void whatIsNoShapeIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Shape.parse(text));
  }

  @Test
  void productsAreCheckedIn64Bits() {
    assertEquals(Integer.MAX_VALUE, Shape.of(1, 1, Integer.MAX_VALUE).planeSize());
    assertThrows(IllegalArgumentException.class, () -> Shape.of(1, 1, 46341, 46341));
    assertThrows(
        IllegalArgumentException.class, () -> Shape.of(1 << 20, 1 << 20, 1 << 20, 1 << 10));
    assertThrows(IllegalArgumentException.class, () -> Shape.of(Long.MAX_VALUE, Long.MAX_VALUE, 1));
    assertEquals(1L << 40, Shape.of(1 << 20, 1, 1 << 20).elements());
  }

  @Test
  void arraysHaveNoPlanes() {
    Shape array = Shape.array(4, 0, 2);
    assertFalse(array.hasPlanes());
    assertTrue(Shape.of(1, 1, 1).hasPlanes());
    assertEquals(0, array.elements());
    assertThrows(IllegalStateException.class, array::n);
    assertThrows(IllegalStateException.class, array::planeSize);
    assertNotEquals(Shape.of(4, 1, 2), Shape.array(4, 1, 2));
  }
}
