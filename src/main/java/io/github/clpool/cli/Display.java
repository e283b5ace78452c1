package io.github.clpool.cli;

import io.github.clpool.io.Picture;
import io.github.clpool.op.Direction;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;

/**
 * Numbers as a picture that can be seen: hues stay, and nothing is clipped. Immutable.
 *
 * @param picture what is shown
 * @param scale what black and white stand for; empty if they are 0 and 1
 */
record Display(Picture picture, String scale) {
  /** Their outputs have a scale of their own, or are faint. */
  private static final Set<String> STRETCHED = Set.of("sum", "variance", "std", "soft_gate");

  /** Fewer cells than this part are drawn as squares. */
  private static final double SPARSE = 0.05;

  private static final double COVERED = 0.25;
  private static final int MOST_SQUARES = 40; // along the shorter side
  private static final double MIDDLE = 0.35; // how bright the middle one of the magnitudes is

  static Display of(Trial trial) {
    return trial.direction() == Direction.BACKWARD
        ? gradient(trial.result())
        : output(trial.result(), STRETCHED.contains(trial.operator().name()));
  }

  /** An output as it is, if that can be shown. */
  static Display output(Picture result, boolean stretched) {
    float least = Float.POSITIVE_INFINITY;
    float greatest = Float.NEGATIVE_INFINITY;
    for (float value : result.planes()) {
      if (Float.isFinite(value)) {
        least = Math.min(least, value);
        greatest = Math.max(greatest, value);
      }
    }
    if (!stretched && least >= 0 && greatest <= 1 || !(least < greatest)) {
      return new Display(result, "");
    }
    double black = stretched ? least : Math.min(0, least);
    double white = greatest;
    Picture shown = map(result, value -> (value - black) / (white - black));
    return new Display(shown, String.format(Locale.ROOT, "black %.3g, white %.3g", black, white));
  }

  /**
   * A gradient by a curve that shows its small numbers, too: 0 is black or, where some are below 0,
   * grey.
   */
  static Display gradient(Picture result) {
    float[] magnitudes = new float[result.planes().length];
    int count = 0;
    boolean signed = false;
    for (float value : result.planes()) {
      if (value != 0 && Float.isFinite(value)) {
        magnitudes[count++] = Math.abs(value);
        signed |= value < 0;
      }
    }
    if (count == 0) {
      return new Display(map(result, value -> 0), "all 0");
    }
    Arrays.sort(magnitudes, 0, count);
    double greatest = magnitudes[count - 1];
    double middle = magnitudes[count / 2] / greatest;
    double power = middle < MIDDLE ? Math.max(0.2, Math.log(MIDDLE) / Math.log(middle)) : 1;
    double zero = signed ? 0.5 : 0;
    int side = squares(result, (double) count / magnitudes.length);
    Picture shown =
        map(
            side > 1 ? dilated(result, side) : result,
            value ->
                zero
                    + (1 - zero)
                        * Math.signum(value)
                        * Math.pow(Math.abs(value) / greatest, power));
    String scale =
        String.format(
            Locale.ROOT,
            "%s 0, white %.3g%s",
            signed ? "grey" : "black",
            greatest,
            side > 1 ? ", cells drawn %d wide".formatted(side) : "");
    return new Display(shown, scale);
  }

  /** How wide cells are drawn, so that few of them can be seen. */
  private static int squares(Picture picture, double part) {
    if (part >= SPARSE) {
      return 1;
    }
    int most = Math.min(picture.width(), picture.height()) / MOST_SQUARES;
    int side = (int) Math.min(most, Math.sqrt(COVERED / part));
    return side / 2 * 2 + 1;
  }

  /** Each cell as a square; where they meet, the one of the greater magnitude. */
  private static Picture dilated(Picture picture, int side) {
    int width = picture.width();
    int height = picture.height();
    float[] planes = new float[picture.planes().length];
    for (int i = 0; i < planes.length; i++) {
      float value = picture.planes()[i];
      if (value != 0) {
        int x = i % width;
        int y = i / width % height;
        int plane = i / (width * height) * width * height;
        for (int row = Math.max(0, y - side / 2);
            row <= Math.min(height - 1, y + side / 2);
            row++) {
          for (int column = Math.max(0, x - side / 2);
              column <= Math.min(width - 1, x + side / 2);
              column++) {
            int at = plane + row * width + column;
            if (Math.abs(value) > Math.abs(planes[at])) {
              planes[at] = value;
            }
          }
        }
      }
    }
    return new Picture(width, height, planes);
  }

  private static Picture map(Picture picture, DoubleUnaryOperator function) {
    float[] planes = new float[picture.planes().length];
    for (int i = 0; i < planes.length; i++) {
      planes[i] = (float) function.applyAsDouble(picture.planes()[i]);
    }
    return new Picture(picture.width(), picture.height(), planes);
  }
}
