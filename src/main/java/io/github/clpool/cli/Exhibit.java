package io.github.clpool.cli;

import io.github.clpool.Pooling;
import io.github.clpool.io.Picture;
import io.github.clpool.tensor.Layout;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One operator on one picture: the output, then its gradient, unless it pools bytes. Immutable.
 *
 * @param sample the operator
 * @param picture the picture's name
 * @param input what is pooled: the picture, or as much of it as the operator takes
 * @param trials forward and backward
 */
record Exhibit(Sample sample, String picture, Picture input, List<Trial> trials) {
  /** Grids of the demo's operators divide it. */
  private static final int GRID = 16;

  /** Nothing, if the picture is too small for the operator. */
  static Optional<Exhibit> make(
      Pooling device, Pooling reference, Sample sample, String name, Picture picture) {
    return Stream.of(picture, cropped(picture))
        .filter(each -> fits(sample, each))
        .findFirst()
        .map(
            input -> {
              Trial forward = Trial.forward(device, reference, sample, input);
              if (sample.type().isByte()) {
                return new Exhibit(sample, name, input, List.of(forward));
              }
              Trial backward = Trial.backward(device, reference, sample, input, forward.result());
              return new Exhibit(sample, name, input, List.of(forward, backward));
            });
  }

  private static boolean fits(Sample sample, Picture picture) {
    try {
      Call.problem(sample.operator(), picture.shape(), Layout.NCHW, sample.type(), false, false);
      return true;
    } catch (IllegalArgumentException otherSizes) {
      return false;
    }
  }

  /** Without the last columns and rows. */
  private static Picture cropped(Picture picture) {
    int width = Math.max(1, picture.width() / GRID * GRID);
    int height = Math.max(1, picture.height() / GRID * GRID);
    float[] planes = new float[Picture.CHANNELS * width * height];
    for (int row = 0; row < Picture.CHANNELS * height; row++) {
      int from = (row / height * picture.height() + row % height) * picture.width();
      System.arraycopy(picture.planes(), from, planes, row * width, width);
    }
    return new Picture(width, height, planes);
  }

  boolean matches() {
    return trials.stream().allMatch(Trial::matches);
  }

  /** The name of a trial's picture file. */
  String file(Trial trial) {
    return name() + (trial == trials.get(0) ? "" : "-gradient") + ".png";
  }

  /** The name of the file that shows a part enlarged. */
  String detailFile() {
    return name() + "-detail.png";
  }

  private String name() {
    return picture + "-" + sample.title().replace('=', '-').replaceAll("[^A-Za-z0-9-]+", "_");
  }
}
