package io.github.clpool.op;

import io.github.clpool.exact.Philox;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * The regions of S3Pool's training (Zhai 2017): an axis is cut into grid cells of {@code grid}
 * cells, and in each of them {@code grid / kernel} regions start, at places that are drawn once for
 * all planes of a call. Immutable.
 *
 * @param grid the size of a grid cell, a multiple of the kernel
 * @param kernel the number of cells of a region
 */
public record Sampled(List<Integer> grid, List<Integer> kernel) implements Regions {
  static Sampled of(int[] grid, int... kernel) {
    return new Sampled(PerAxis.of("grid", 1, grid), PerAxis.of("kernel", 1, kernel));
  }

  /**
   * Copies the lists and checks them.
   *
   * @param grid the size of a grid cell, a multiple of the kernel
   * @param kernel the number of cells of a region
   */
  public Sampled {
    grid = PerAxis.checked("grid", 1, grid);
    kernel = PerAxis.checked("kernel", 1, kernel);
    int axes = Math.max(grid.size(), kernel.size());
    for (List<Integer> each : List.of(grid, kernel)) {
      Require.that(
          each.size() == 1 || each.size() == axes,
          "grid is %s and kernel is %s, but they must have as many numbers, or one of them one",
          PerAxis.text(grid),
          PerAxis.text(kernel));
    }
    for (int axis = 0; axis < axes; axis++) {
      Require.that(
          PerAxis.at(grid, axis) % PerAxis.at(kernel, axis) == 0,
          "grid is %d, but must be a multiple of the kernel %d",
          PerAxis.at(grid, axis),
          PerAxis.at(kernel, axis));
    }
  }

  @Override
  public void validate() {
    // the constructor did
  }

  @Override
  public boolean isDrawn() {
    return true;
  }

  @Override
  public Places places(Problem problem, Function<Role, Tensor> tensors, Supplier<RandomKey> key) {
    Require.present("problem", problem);
    Require.present("tensors", tensors);
    Require.present("key", key);
    return Places.everywhere(geometry(problem.input(), key.get()));
  }

  @Override
  public Geometry geometry(Shape input) {
    return geometry(
        input,
        (axis, in, out) -> {
          int length = PerAxis.at(kernel, axis);
          return new UnplacedAxis(in, out, length, Math.min(length, out));
        });
  }

  /**
   * Lays the regions over the planes of a call, over all alike.
   *
   * @param input the input's shape
   * @param key the key of the call
   * @return the geometry
   */
  public Geometry geometry(Shape input, RandomKey key) {
    Require.present("key", key);
    Philox philox = new Philox(key.seed(), key.call(), Philox.Stream.SAMPLED);
    return geometry(input, (axis, in, out) -> axis(philox, axis, in, out));
  }

  /** Makes an axis. */
  @FunctionalInterface
  private interface Axis {
    AxisRegions of(int axis, int in, int out);
  }

  private Geometry geometry(Shape input, Axis axes) {
    Require.present("input", input);
    PerAxis.checkCount("grid", grid, input);
    PerAxis.checkCount("kernel", kernel, input);
    return Geometry.of(
        input,
        axis -> {
          int in = input.spatial(axis);
          int cell = PerAxis.at(grid, axis);
          Require.that(
              in % cell == 0,
              "input size is %d along axis %d, but must be a multiple of the grid %d",
              in,
              axis,
              cell);
          return axes.of(axis, in, in / PerAxis.at(kernel, axis));
        });
  }

  private AxisRegions axis(Philox philox, int axis, int in, int out) {
    int cell = PerAxis.at(grid, axis);
    int length = PerAxis.at(kernel, axis);
    int[] starts =
        IntStream.iterate(0, first -> first < in, first -> first + cell)
            .flatMap(
                first -> {
                  int end = Math.min(first + cell, in - length + 1);
                  return winners(philox, axis, first, end, cell / length);
                })
            .toArray();
    return new TableAxis(in, starts, Arrays.stream(starts).map(start -> start + length).toArray());
  }

  /** The starts with the smallest words, in ascending order. */
  private static IntStream winners(Philox philox, int axis, int first, int end, int count) {
    return IntStream.range(first, end)
        .mapToObj(start -> new Candidate(start, philox.word(((long) axis << 32) + start)))
        .sorted(Candidate.ORDER)
        .limit(count)
        .mapToInt(Candidate::start)
        .sorted();
  }

  private record Candidate(int start, int word) {
    static final Comparator<Candidate> ORDER =
        Comparator.comparingLong((Candidate each) -> Integer.toUnsignedLong(each.word))
            .thenComparingInt(Candidate::start);
  }

  @Override
  public String toString() {
    return "sampled=" + PerAxis.text(kernel) + " grid=" + PerAxis.text(grid);
  }
}
