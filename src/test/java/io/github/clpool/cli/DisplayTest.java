package io.github.clpool.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.io.Picture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DisplayTest {
  private static final float CLOSE = 1e-6f;

  private static Picture row(float... planes) {
    return new Picture(planes.length / 3, 1, planes);
  }

  @Test
  void outputsThatCanBeShownAreLeftAlone() {
    Picture picture = row(0.25f, 0.5f, 0.75f);
    assertEquals(new Display(picture, ""), Display.output(picture, false));
  }

  @Test
  void nothingIsClipped() {
    Display bright = Display.output(row(0, 1, 2, 2, 0.5f, 1), false);
    assertArrayEquals(new float[] {0, 0.5f, 1, 1, 0.25f, 0.5f}, bright.picture().planes(), CLOSE);
    assertEquals("black 0.00, white 2.00", bright.scale());
    Display faint = Display.output(row(0.1f, 0.2f, 0.3f), true);
    assertArrayEquals(new float[] {0, 0.5f, 1}, faint.picture().planes(), CLOSE);
  }

  /** As of a global average: each plane has one gradient. */
  @Test
  void gradientsKeepTheirHue() {
    Display display = Display.gradient(row(0.4f, 0.4f, 0.3f, 0.3f, 0.35f, 0.35f));
    assertArrayEquals(
        new float[] {1, 1, 0.75f, 0.75f, 0.875f, 0.875f}, display.picture().planes(), CLOSE);
    assertEquals("black 0, white 0.400", display.scale());
  }

  @Test
  void zeroIsGreyBetweenSigns() {
    Display display = Display.gradient(row(-2, 0, 2));
    assertArrayEquals(new float[] {0, 0.5f, 1}, display.picture().planes(), CLOSE);
    assertEquals("grey 0, white 2.00", display.scale());
  }

  @Test
  void fewCellsAreDrawnLarger() {
    int size = 200;
    float[] planes = new float[3 * size * size];
    planes[100 * size + 100] = 1;
    planes[size * size] = 2; // in a corner of another plane
    Display display = Display.gradient(new Picture(size, size, planes));
    assertEquals("black 0, white 2.00, cells drawn 5 wide", display.scale());
    float[] shown = display.picture().planes();
    assertEquals(25, count(shown, 0, size * size));
    assertEquals(9, count(shown, size * size, 3 * size * size));
    assertTrue(shown[98 * size + 98] > 0 && shown[102 * size + 102] > 0);
  }

  private static long count(float[] planes, int from, int to) {
    return IntStream.range(from, to).filter(i -> planes[i] > 0).count();
  }

  @Test
  void noGradientIsBlack() {
    assertEquals("all 0", Display.gradient(row(0, 0, 0)).scale());
  }
}
