package io.github.clpool.parity;

import io.github.clpool.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Draws shapes, or takes those that there are to be. Not thread-safe. */
final class RandomShapes {
  private static final int[] CHANNELS = {1, 1, 2, 3, 4, 5, 8, 13, 16, 17, 32, 35};

  private final SplittableRandom random;
  private final CaseSpace space;
  private final int work;

  RandomShapes(SplittableRandom random, CaseSpace space) {
    this.random = random;
    this.space = space;
    this.work = space.limits().work();
  }

  /** A number of spatial axes. */
  int rank() {
    return space.dimensions(1 + random.nextInt(3));
  }

  /**
   * Spatial sizes 1 to 67, half of them small, fewer with more axes, some of one cell, which
   * kernels may treat apart; one may be longer than a block of sums.
   *
   * @return null if no shape that there may be has so many axes
   */
  int[] sizes(int rank, boolean hasLongAxis) {
    if (!space.shapes().isEmpty()) {
      Shape shape = any(planes().filter(each -> each.axes() == rank).toList());
      return shape == null ? null : shape.spatial();
    }
    int[] sizes = new int[rank];
    int most = rank == 3 ? 19 : 67;
    for (int i = 0; i < rank; i++) {
      boolean isOne = rank > 1 && random.nextInt(8) == 0;
      sizes[i] = isOne ? 1 : 1 + random.nextInt(random.nextBoolean() ? 12 : most);
    }
    if (hasLongAxis) {
      sizes[random.nextInt(rank)] = 1 + random.nextInt(rank == 1 ? 5000 : 200);
    }
    return sizes;
  }

  /**
   * Adds batch and channels as far as the work allows.
   *
   * @param plane the work of a plane
   * @return null if one plane is too much
   */
  Shape withPlanes(long plane, int... sizes) {
    if (!space.shapes().isEmpty()) {
      return any(planes().filter(each -> Arrays.equals(each.spatial(), sizes)).toList());
    }
    if (plane > work) {
      return null;
    }
    long planes = work / plane;
    long c = Math.min(planes, CHANNELS[random.nextInt(CHANNELS.length)]);
    long n = random.nextInt(40) == 0 ? 0 : Math.min(planes / c, 1 + random.nextInt(3));
    return random.nextInt(6) == 0 ? Shape.unbatched(c, sizes) : Shape.of(n, c, sizes);
  }

  /** Numbers of nodes and features, or null if no shape is such an array. */
  Shape nodes() {
    if (!space.shapes().isEmpty()) {
      return any(space.shapes().stream().filter(each -> !each.hasPlanes()).toList());
    }
    int[] sizes = RandomGraphs.sizes(random, work);
    return Shape.array(sizes[0], sizes[1]);
  }

  private Stream<Shape> planes() {
    return space.shapes().stream().filter(Shape::hasPlanes);
  }

  private Shape any(List<Shape> shapes) {
    return shapes.isEmpty() ? null : shapes.get(random.nextInt(shapes.size()));
  }
}
