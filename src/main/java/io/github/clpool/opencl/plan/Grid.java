package io.github.clpool.opencl.plan;

import io.github.clpool.op.Problem;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The cells of each plane as one flat range; twin of {@code lib/planes.clh}. Planes that no longer
 * fit into a range of 2^30 work-items, or images where channels lie side by side, go into rows of a
 * second dimension: divisions need numbers below 2^31, and AMD's devices sizes below 2^32.
 * Immutable.
 *
 * @param cells the cells of each plane, at least 1: its outputs, or tiles of them
 * @param channels the planes of each image
 * @param batch the images
 * @param channelsLast whether a cell's channels lie side by side
 * @param items the work-items of each cell
 */
public record Grid(long cells, long channels, long batch, boolean channelsLast, long items) {
  private static final long MOST_ITEMS = 1L << 30;
  private static final long MOST = Integer.MAX_VALUE;
  private static final long WORK_GROUP = 64;

  /**
   * Checks that kernels can number everything: they do so in 32 bits, twice as many planes where
   * two results lie side by side.
   *
   * @throws IllegalArgumentException if there are too many planes, or work-items that must follow
   *     each other
   */
  public Grid {
    Require.that(
        batch <= MOST / channels,
        "batch is %d of %d channels each, but kernels number less than 2^31 planes",
        batch,
        channels);
    long planes = channelsLast ? channels : 1;
    Require.that(
        items <= MOST / cells / planes,
        "%s takes %d cells%s, of %d work-items each, but kernels number less than 2^31",
        channelsLast ? "an image" : "a plane",
        cells,
        channelsLast ? " of " + channels + " channels" : "",
        items);
  }

  /** The cells of planes of some shape. */
  public static Grid of(Shape planes, Layout layout) {
    return new Grid(planes.planeSize(), planes.c(), planes.n(), layout == Layout.NHWC, 1);
  }

  /** So many work-items for each plane of a call's input. */
  public static Grid of(Problem problem, long cells) {
    return of(problem, cells, 1);
  }

  /** So many cells for each plane of a call's input, with so many work-items each. */
  public static Grid of(Problem problem, long cells, long items) {
    boolean channelsLast = problem.layout() == Layout.NHWC;
    return new Grid(cells, problem.input().c(), problem.input().n(), channelsLast, items);
  }

  /** The same where work-items have so many neighbouring channels each, which lie side by side. */
  public Grid ofNeighbours(int channelsEach) {
    return new Grid(cells, channels / channelsEach, batch, channelsLast, items);
  }

  /** The planes, or the images where channels lie side by side. */
  private long units() {
    return channelsLast ? batch : batch * channels;
  }

  private long itemsOfUnit() {
    return (channelsLast ? channels : 1) * cells * items;
  }

  private long unitsOfRow() {
    return Math.max(1, Math.min(units(), MOST_ITEMS / itemsOfUnit()));
  }

  /** The kernel's argument. */
  public KernelArgument argument() {
    int[] words = Arrays.copyOf(divisors(cells, channels).words(), 8);
    words[6] = Math.toIntExact(units());
    words[7] = Math.toIntExact(unitsOfRow());
    return new KernelArgument.Struct(words);
  }

  /** Of each number itself, a multiplier and a shift: it divides numbers below 2^31 exactly. */
  public static KernelArgument.Struct divisors(long... numbers) {
    return new KernelArgument.Struct(
        Arrays.stream(numbers).mapToInt(Math::toIntExact).flatMap(Grid::divisor).toArray());
  }

  private static IntStream divisor(int by) {
    int log = Integer.SIZE - Integer.numberOfLeadingZeros(by - 1);
    return IntStream.of(by, (int) (((1L << (Integer.SIZE - 1 + log)) + by - 1) / by), log);
  }

  /** Whether there is a second dimension. */
  public boolean isLarge() {
    return unitsOfRow() < units();
  }

  public List<Long> global() {
    return global(itemsOfUnit() * Math.min(units(), unitsOfRow()));
  }

  /** The same for work-groups that have several cells each, perhaps fewer items than planned. */
  public List<Long> global(long cellsOfGroup, long group) {
    long cellsOfRow = itemsOfUnit() / items * Math.min(units(), unitsOfRow());
    return global((cellsOfRow + cellsOfGroup - 1) / cellsOfGroup * group);
  }

  private List<Long> global(long row) {
    return isLarge() ? List.of(row, (units() - 1) / unitsOfRow() + 1) : List.of(row);
  }

  public List<Long> local(DeviceProfile device) {
    return local(Math.min(WORK_GROUP, device.maxWorkGroup()));
  }

  /** Work-groups of so many work-items. */
  public List<Long> local(long group) {
    return isLarge() ? List.of(group, 1L) : List.of(group);
  }
}
