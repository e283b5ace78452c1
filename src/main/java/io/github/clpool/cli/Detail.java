package io.github.clpool.cli;

import io.github.clpool.io.Picture;
import java.util.Arrays;

/** The same part of a picture and of what became of it, enlarged side by side. Stateless. */
final class Detail {
  private static final double FROM = 0.06; // of the sizes
  private static final double TO = 0.24;
  private static final int SIDE = 144;
  private static final int GAP = 6;
  private static final int FEWEST_CELLS = 6;

  private Detail() {}

  /** Whether there is something to see. */
  static boolean isWorthIt(Picture output) {
    return cells(output.width()) >= FEWEST_CELLS && cells(output.height()) >= FEWEST_CELLS;
  }

  private static int cells(int size) {
    return (int) Math.ceil(TO * size) - (int) (FROM * size);
  }

  static Picture of(Picture input, Picture output) {
    int width = 2 * SIDE + GAP;
    float[] planes = new float[Picture.CHANNELS * width * SIDE];
    Picture both = new Picture(width, SIDE, planes);
    Arrays.fill(planes, 1);
    draw(input, both, 0);
    draw(output, both, SIDE + GAP);
    return both;
  }

  private static void draw(Picture from, Picture into, int left) {
    for (int c = 0; c < Picture.CHANNELS; c++) {
      for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
          int row = place(y, from.height());
          int column = place(x, from.width());
          into.planes()[(c * SIDE + y) * into.width() + left + x] =
              from.planes()[(c * from.height() + row) * from.width() + column];
        }
      }
    }
  }

  private static int place(int pixel, int size) {
    return (int) ((FROM + (TO - FROM) * (pixel + 0.5) / SIDE) * size);
  }
}
