package io.github.clpool.parity;

import io.github.clpool.op.MaxUnpool;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Regions;
import io.github.clpool.op.RoiAlign;
import io.github.clpool.op.RoiPool;
import io.github.clpool.op.S3Pool;
import io.github.clpool.op.Sampled;
import io.github.clpool.op.SoftGate;
import io.github.clpool.op.Window;
import io.github.clpool.tensor.Shape;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Draws operators that are not a reduction over regions. Stateless. */
final class RandomOperators {
  /** Draws an operator of one kind. */
  @FunctionalInterface
  interface Draw {
    /**
     * Draws an operator for planes of given sizes.
     *
     * @return null if none fits
     */
    Operator draw(SplittableRandom random, int... sizes);
  }

  private static final Map<String, Draw> BY_NAME =
      Map.of(
          "crf_pool", RandomGraphs::operator,
          "max_unpool", RandomOperators::maxUnpool,
          "s3_pool", RandomOperators::s3Pool,
          "roi_pool", RandomOperators::roiPool,
          "roi_align", RandomOperators::roiAlign,
          "soft_gate", (random, sizes) -> new SoftGate());

  private RandomOperators() {}

  static boolean has(String name) {
    return BY_NAME.containsKey(name);
  }

  static Operator draw(String name, SplittableRandom random, int... sizes) {
    return BY_NAME.get(name).draw(random, sizes);
  }

  private static Operator roiPool(SplittableRandom random, int... sizes) {
    if (sizes.length != 2) {
      return null;
    }
    RoiPool pool = RoiPool.output(few(random), bins(random)).spatialScale(scale(random));
    return random.nextInt(3) == 0 ? pool.avg() : pool;
  }

  private static Operator roiAlign(SplittableRandom random, int... sizes) {
    if (sizes.length != 2) {
      return null;
    }
    RoiAlign align = RoiAlign.output(bins(random), few(random)).spatialScale(scale(random));
    align = random.nextBoolean() ? align.aligned() : align;
    int samples = random.nextInt(24) == 0 ? 70 : random.nextInt(4);
    RoiAlign.Mode[] modes = RoiAlign.Mode.values();
    boolean average = random.nextBoolean();
    return align
        .samplingRatio(samples)
        .mode(average ? RoiAlign.Mode.AVG : modes[random.nextInt(modes.length)]);
  }

  /** Bins along one axis; seldom so many that their sums are cut. */
  private static int bins(SplittableRandom random) {
    return random.nextInt(16) == 0 ? 60 + random.nextInt(20) : few(random);
  }

  private static int few(SplittableRandom random) {
    return 1 + random.nextInt(8);
  }

  private static double scale(SplittableRandom random) {
    double[] scales = {1, 1, 0.5, 0.0625, 1 / 3.0, 1.7};
    return scales[random.nextInt(scales.length)];
  }

  private static Operator s3Pool(SplittableRandom random, int... sizes) {
    S3Pool s3 = new S3Pool(sampled(random, sizes));
    return random.nextInt(4) == 0 ? s3.training() : s3;
  }

  static Sampled sampled(SplittableRandom random, int... sizes) {
    int[] grid = Arrays.stream(sizes).map(size -> divisor(random, size)).toArray();
    int[] kernel = Arrays.stream(grid).map(size -> divisor(random, size)).toArray();
    return Regions.sampled(grid, kernel);
  }

  private static int divisor(SplittableRandom random, int number) {
    int[] divisors = IntStream.rangeClosed(1, number).filter(i -> number % i == 0).toArray();
    return divisors[random.nextInt(divisors.length)];
  }

  private static Operator maxUnpool(SplittableRandom random, int... sizes) {
    MaxUnpool unpool = random.nextInt(3) == 0 ? toSize(random, sizes) : ofWindow(random, sizes);
    return unpool != null && random.nextBoolean() ? unpool.distinct() : unpool;
  }

  private static MaxUnpool toSize(SplittableRandom random, int... sizes) {
    int[] output = sizes.clone();
    for (int axis = 0; axis < sizes.length; axis++) {
      output[axis] = 1 + random.nextInt(2 * sizes[axis] + 1);
    }
    return MaxUnpool.to(output);
  }

  private static MaxUnpool ofWindow(SplittableRandom random, int... sizes) {
    int kernel = 1 + random.nextInt(3);
    int before = random.nextInt(kernel / 2 + 1);
    int after = random.nextInt(kernel / 2 + 1);
    Window window =
        Regions.window(kernel)
            .stride(1 + random.nextInt(3))
            .padding(new int[] {before}, new int[] {after});
    MaxUnpool unpool = MaxUnpool.of(window);
    try {
      unpool.outputShape(Shape.of(1, 1, sizes));
      return unpool;
    } catch (IllegalArgumentException nothingLeft) {
      return null;
    }
  }
}
