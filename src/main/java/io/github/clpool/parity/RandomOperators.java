package io.github.clpool.parity;

import io.github.clpool.op.MaxUnpool;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Regions;
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
          "max_unpool", RandomOperators::maxUnpool,
          "s3_pool", RandomOperators::s3Pool,
          "soft_gate", (random, sizes) -> new SoftGate());

  private RandomOperators() {}

  static boolean has(String name) {
    return BY_NAME.containsKey(name);
  }

  static Operator draw(String name, SplittableRandom random, int... sizes) {
    return BY_NAME.get(name).draw(random, sizes);
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
