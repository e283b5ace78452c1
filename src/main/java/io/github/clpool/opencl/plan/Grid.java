package io.github.clpool.opencl.plan;

import io.github.clpool.op.Problem;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Work-items for each cell of each plane, as one flat range; twin of {@code lib/planes.clh}. Images
 * that no longer fit into a range below 2^31 go into rows of a second dimension. Immutable.
 *
 * @param cells the work-items of each plane, at least 1
 * @param channels the planes of each image
 * @param batch the images
 * @param channelsLast whether a cell's channels lie side by side
 */
public record Grid(long cells, long channels, long batch, boolean channelsLast) {
  private static final long MOST_ITEMS = 1L << 30;
  private static final long WORK_GROUP = 64;

  /** The cells of planes of some shape. */
  public static Grid of(Shape planes, Layout layout) {
    return new Grid(planes.planeSize(), planes.c(), planes.n(), layout == Layout.NHWC);
  }

  /** So many work-items for each plane of a call's input. */
  public static Grid of(Problem problem, long cells) {
    boolean channelsLast = problem.layout() == Layout.NHWC;
    return new Grid(cells, problem.input().c(), problem.input().n(), channelsLast);
  }

  private long images() {
    return Math.max(1, Math.min(batch, MOST_ITEMS / (cells * channels)));
  }

  /** The kernel's argument. */
  public KernelArgument argument() {
    int[] words = Arrays.copyOf(divisors(cells, channels).words(), 8);
    long planes = channelsLast ? 1 : channels;
    words[6] = Math.toIntExact(batch * planes);
    words[7] = Math.toIntExact(images() * planes);
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
    return images() < batch;
  }

  public List<Long> global() {
    long images = images();
    long items = cells * channels * images;
    long rows = (batch + images - 1) / images;
    return rows == 1 ? List.of(items) : List.of(items, rows);
  }

  public List<Long> local(DeviceProfile device) {
    long items = Math.min(WORK_GROUP, device.maxWorkGroup());
    return global().size() == 1 ? List.of(items) : List.of(items, 1L);
  }
}
