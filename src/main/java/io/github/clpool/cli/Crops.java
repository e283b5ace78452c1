package io.github.clpool.cli;

import io.github.clpool.io.Picture;
import io.github.clpool.tensor.Shape;

/**
 * The regions of interest of the demo, drawn on a picture, and what came out of them. Stateless.
 */
final class Crops {
  /** How many there are, in rows of {@link #ACROSS}. */
  static final int COUNT = 6;

  private static final int ACROSS = 3;
  private static final int SMALLEST_CROP = 64;
  private static final int FRAME = 3;

  /** Left, top, right and bottom in parts of the picture's size; the last one is partly outside. */
  private static final double[][] BOXES = {
    {0.04, 0.08, 0.36, 0.4},
    {0.3, 0.3, 0.7, 0.7},
    {0.56, 0.04, 0.96, 0.44},
    {0.1, 0.56, 0.3, 0.96},
    {0.45, 0.1, 0.55, 0.9},
    {0.7, 0.65, 1.1, 1.05},
  };

  private static final float[][] COLOURS = {
    {1, .25f, .2f},
    {.2f, .85f, .3f},
    {.3f, .5f, 1},
    {1, .85f, .1f},
    {.9f, .3f, .9f},
    {.1f, .9f, .9f},
  };

  private Crops() {}

  /** The boxes as an operator takes them: rows of batch index and corners. */
  static float[] rois(Picture picture) {
    float[] rows = new float[COUNT * 5];
    for (int k = 0; k < COUNT; k++) {
      for (int i = 0; i < 4; i++) {
        int size = i % 2 == 0 ? picture.width() : picture.height();
        rows[k * 5 + 1 + i] = (float) (BOXES[k][i] * size);
      }
    }
    return rows;
  }

  /** The picture with its boxes. */
  static Picture drawn(Picture picture) {
    float[] planes = picture.planes().clone();
    Picture copy = new Picture(picture.width(), picture.height(), planes);
    int thick = Math.max(1, Math.min(picture.width(), picture.height()) / 200);
    for (int k = 0; k < COUNT; k++) {
      int left = (int) (BOXES[k][0] * picture.width());
      int top = (int) (BOXES[k][1] * picture.height());
      int right = (int) (BOXES[k][2] * picture.width());
      int bottom = (int) (BOXES[k][3] * picture.height());
      outline(copy, new int[] {left, top, right, bottom}, thick, COLOURS[k]);
    }
    return copy;
  }

  /** A grid of crops, each framed in its box's colour, and large enough for that. */
  static Picture framed(Picture grid) {
    int times = Math.max(1, SMALLEST_CROP * ACROSS / Math.min(grid.width(), grid.height()));
    Picture copy = enlarged(grid, times);
    int width = copy.width() / ACROSS;
    int height = copy.height() / (COUNT / ACROSS);
    for (int k = 0; k < COUNT; k++) {
      int left = k % ACROSS * width;
      int top = k / ACROSS * height;
      outline(copy, new int[] {left, top, left + width, top + height}, FRAME, COLOURS[k]);
    }
    return copy;
  }

  /** A copy whose cells are squares. */
  private static Picture enlarged(Picture picture, int times) {
    int width = picture.width() * times;
    int height = picture.height() * times;
    float[] planes = new float[Picture.CHANNELS * width * height];
    for (int i = 0; i < planes.length; i++) {
      int row = i / width / times; // planes lie one below the other
      planes[i] = picture.planes()[row * picture.width() + i % width / times];
    }
    return new Picture(width, height, planes);
  }

  /** Draws inside the box, as far as it is inside the picture. */
  private static void outline(Picture picture, int[] box, int thick, float... colour) {
    int plane = picture.width() * picture.height();
    for (int y = Math.max(box[1], 0); y < Math.min(box[3], picture.height()); y++) {
      for (int x = Math.max(box[0], 0); x < Math.min(box[2], picture.width()); x++) {
        boolean rim = Math.min(x - box[0], box[2] - 1 - x) < thick;
        if (rim || Math.min(y - box[1], box[3] - 1 - y) < thick) {
          for (int c = 0; c < Picture.CHANNELS; c++) {
            picture.planes()[c * plane + y * picture.width() + x] = colour[c];
          }
        }
      }
    }
  }

  /** Puts the planes of all crops side by side. */
  static Picture grid(Shape shape, float... planes) {
    int width = shape.w() * ACROSS;
    int height = shape.h() * (COUNT / ACROSS);
    float[] grid = new float[planes.length];
    for (int i = 0; i < planes.length; i++) {
      grid[inGrid(shape, i)] = planes[i];
    }
    return new Picture(width, height, grid);
  }

  /** Undoes {@link #grid}. */
  static float[] planes(Shape shape, Picture grid) {
    float[] planes = new float[grid.planes().length];
    for (int i = 0; i < planes.length; i++) {
      planes[i] = grid.planes()[inGrid(shape, i)];
    }
    return planes;
  }

  private static int inGrid(Shape shape, int i) {
    int cell = i % shape.planeSize();
    int plane = i / shape.planeSize();
    int k = plane / Picture.CHANNELS;
    int y = k / ACROSS * shape.h() + cell / shape.w();
    int x = k % ACROSS * shape.w() + cell % shape.w();
    int height = shape.h() * (COUNT / ACROSS);
    return (plane % Picture.CHANNELS * height + y) * shape.w() * ACROSS + x;
  }
}
