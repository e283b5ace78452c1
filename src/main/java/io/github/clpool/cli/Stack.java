package io.github.clpool.cli;

import io.github.clpool.io.Picture;
import io.github.clpool.tensor.Shape;

/** Tensors of several times three planes as a picture: one below the other. Stateless. */
final class Stack {
  private Stack() {}

  static Picture picture(Shape shape, float... elements) {
    float[] planes = transposed(elements, pictures(shape), Picture.CHANNELS);
    return new Picture(shape.w(), shape.h() * pictures(shape), planes);
  }

  /** The elements of a tensor that makes such a picture. */
  static float[] planes(Shape shape, Picture picture) {
    return transposed(picture.planes(), Picture.CHANNELS, pictures(shape));
  }

  private static int pictures(Shape shape) {
    return (int) shape.c() / Picture.CHANNELS;
  }

  /** Planes that stand in rows and columns, column by column. */
  private static float[] transposed(float[] planes, int rows, int columns) {
    float[] transposed = new float[planes.length];
    int plane = planes.length / (rows * columns);
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        int from = (row * columns + column) * plane;
        int to = (column * rows + row) * plane;
        System.arraycopy(planes, from, transposed, to, plane);
      }
    }
    return transposed;
  }
}
