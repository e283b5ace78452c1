package io.github.clpool.cli;

import io.github.clpool.Pooling;
import io.github.clpool.io.Picture;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import java.util.List;
import java.util.Optional;

/**
 * One operator on one picture: the output, then its gradient. Immutable.
 *
 * @param sample the operator
 * @param picture the picture's name
 * @param trials forward and backward; none if the operator does not fit the picture
 * @param refusal why it does not
 */
record Exhibit(Sample sample, String picture, List<Trial> trials, Optional<String> refusal) {
  static Exhibit make(
      Pooling device, Pooling reference, Sample sample, String name, Picture picture) {
    try {
      Call.problem(sample.operator(), picture.shape(), Layout.NCHW, DataType.FLOAT32, false, false);
    } catch (IllegalArgumentException tooSmall) {
      return new Exhibit(
          sample, name, List.of(), Optional.of("does not fit: " + tooSmall.getMessage()));
    }
    Trial forward = Trial.forward(device, reference, sample.operator(), picture);
    Trial backward =
        Trial.backward(device, reference, sample.operator(), picture, forward.result());
    return new Exhibit(sample, name, List.of(forward, backward), Optional.empty());
  }

  boolean matches() {
    return trials.stream().allMatch(Trial::matches);
  }

  /** The name of a trial's picture file. */
  String file(Trial trial) {
    String operator =
        sample.operator().toString().replace('=', '-').replaceAll("[^A-Za-z0-9-]+", "_");
    boolean forward = trial == trials.get(0);
    return picture + "-" + operator + (forward ? "" : "-gradient") + ".png";
  }
}
