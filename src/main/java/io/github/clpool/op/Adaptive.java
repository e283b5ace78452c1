package io.github.clpool.op;

import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A given number of regions: along an axis of {@code I} cells with {@code O} outputs, output {@code
 * o} has the cells from {@code floor(o * I / O)} to {@code ceil((o + 1) * I / O) - 1}. More outputs
 * than cells are legal. Immutable.
 *
 * @param output the output size, each at least 1 or {@link #KEEP}
 */
public record Adaptive(List<Integer> output) implements Regions {
  /** Leaves the size of an axis as it is. */
  public static final int KEEP = -1;

  /** The tables of an axis are as long as its input and its output. */
  private static final int MOST_OUTPUTS = 1 << 24;

  static Adaptive of(int... output) {
    Require.present("output size", output);
    return new Adaptive(Arrays.stream(output).boxed().toList());
  }

  /**
   * Copies the list and checks it.
   *
   * @param output the output size, each at least 1 or {@link #KEEP}
   */
  public Adaptive {
    output = PerAxis.counted("output size", output);
    for (int size : output) {
      Require.that(
          size >= 1 || size == KEEP,
          "output size is %d, but must be at least 1, or KEEP (%d)",
          size,
          KEEP);
    }
  }

  @Override
  public void validate() {
    // the constructor did
  }

  @Override
  public Geometry geometry(Shape input) {
    Require.present("input", input);
    PerAxis.checkCount("output size", output, input);
    return Geometry.of(input, axis -> axis(input.spatial(axis), outputSize(input, axis)));
  }

  /** Sizes alone: every call checks them, and tables may be as long as the input. */
  @Override
  public Shape outputShape(Shape input) {
    Require.present("input", input);
    PerAxis.checkCount("output size", output, input);
    int[] spatial = new int[input.axes()];
    Arrays.setAll(spatial, axis -> outputSize(input, axis));
    return input.withSpatial(spatial);
  }

  private int outputSize(Shape input, int axis) {
    int size = PerAxis.at(output, axis);
    int cells = input.spatial(axis);
    Require.that(
        size <= Math.max(cells, MOST_OUTPUTS),
        "output size is %d, but must be at most 2^24 (%d) or the %d cells of its axis",
        size,
        MOST_OUTPUTS,
        cells);
    return size == KEEP ? cells : size;
  }

  private static AxisRegions axis(long in, int out) {
    if (in % out == 0) { // the same ranges in closed form
      int length = (int) in / out;
      return new WindowAxis((int) in, out, length, length, 0, 0, 1);
    }
    int[] starts = new int[out];
    int[] ends = new int[out];
    for (int o = 0; o < out; o++) {
      starts[o] = (int) (o * in / out);
      ends[o] = (int) (((o + 1) * in + out - 1) / out);
    }
    return new TableAxis((int) in, starts, ends);
  }

  @Override
  public String toString() {
    return "adaptive="
        + output.stream()
            .map(size -> size == KEEP ? "KEEP" : String.valueOf(size))
            .collect(Collectors.joining("x"));
  }
}
