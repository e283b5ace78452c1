package io.github.clpool.exact;

import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;

/** Says which position of an unpooling lies outside the output. Stateless. */
public final class BadPosition {
  private BadPosition() {}

  /**
   * Whether a position names a cell.
   *
   * @param position the position; -1 names none, and rightly so
   * @param cells the number of cells of an output plane
   * @return false for -1 and for what is outside
   */
  public static boolean isCell(int position, int cells) {
    return Integer.compareUnsigned(position, cells) < 0;
  }

  /**
   * Whether a position is neither a cell nor -1.
   *
   * @param position the position
   * @param cells the number of cells of an output plane
   * @return true if it is an error
   */
  public static boolean isBad(int position, int cells) {
    // JDK 17.0.15 once compiled "position < -1 || position >= cells" into refusing good positions
    return Integer.compareUnsigned(position + 1, cells) > 0;
  }

  /**
   * Makes the exception of a call.
   *
   * @param positions the call's positions
   * @param output the output's shape
   * @param plane the first plane, batch by batch, with a bad position
   * @return the exception, not thrown; names the first bad position of the plane, if it still has
   *     one
   */
  public static IndexOutOfBoundsException exception(Tensor positions, Shape output, long plane) {
    Shape shape = Require.present("positions", positions).shape();
    Require.present("output", output);
    Layout layout = positions.layout();
    int[] values = positions.toInts();
    long n = plane / shape.c();
    long c = plane % shape.c();
    int at = (int) layout.planeOffset(shape, n, c);
    int cell = 0;
    while (cell < shape.planeSize() && !isBad(values[at], output.planeSize())) {
      at += (int) layout.cellStride(shape);
      cell++;
    }
    if (cell == shape.planeSize()) {
      return new IndexOutOfBoundsException(
          "a position of n=%d c=%d was refused, and has changed since".formatted(n, c));
    }
    return new IndexOutOfBoundsException(
        "positions[n=%d c=%d d=%d h=%d w=%d] is %d, but must be -1 or from 0 to %d, a cell of output %s"
            .formatted(
                n,
                c,
                cell / shape.w() / shape.h(),
                cell / shape.w() % shape.h(),
                cell % shape.w(),
                values[at],
                output.planeSize() - 1,
                output));
  }
}
