package io.github.clpool.parity;

import io.github.clpool.op.MaxUnpool;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Regions;
import io.github.clpool.op.Window;
import io.github.clpool.tensor.Shape;
import java.util.Map;
import java.util.SplittableRandom;

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

  private static final Map<String, Draw> BY_NAME = Map.of("max_unpool", RandomOperators::maxUnpool);

  private RandomOperators() {}

  static boolean has(String name) {
    return BY_NAME.containsKey(name);
  }

  static Operator draw(String name, SplittableRandom random, int... sizes) {
    return BY_NAME.get(name).draw(random, sizes);
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
