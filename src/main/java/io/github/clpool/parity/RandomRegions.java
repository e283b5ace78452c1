package io.github.clpool.parity;

import io.github.clpool.op.Adaptive;
import io.github.clpool.op.Fractional;
import io.github.clpool.op.Regions;
import java.util.SplittableRandom;

/** Draws regions, other than windows, for planes of given sizes. Stateless. */
final class RandomRegions {
  private RandomRegions() {}

  static Regions draw(String word, SplittableRandom random, int... sizes) {
    return switch (word) {
      case "adaptive" -> adaptive(random, sizes);
      case "global" -> Regions.global();
      case "fractional" -> fractional(random, sizes);
      case "sampled" -> RandomOperators.sampled(random, sizes);
      default -> throw new IllegalArgumentException("regions are '" + word + "'");
    };
  }

  private static Regions adaptive(SplittableRandom random, int... sizes) {
    int[] output = new int[random.nextInt(4) == 0 ? 1 : sizes.length];
    for (int i = 0; i < output.length; i++) {
      int choice = random.nextInt(8);
      if (choice == 0) {
        output[i] = Adaptive.KEEP;
      } else if (choice == 1) {
        output[i] = sizes[i] + 1 + random.nextInt(sizes[i] + 3);
      } else {
        output[i] = 1 + random.nextInt(Math.min(sizes[i], 12));
      }
    }
    return Regions.adaptive(output);
  }

  private static Regions fractional(SplittableRandom random, int... sizes) {
    int[] kernel = new int[sizes.length];
    int[] output = new int[sizes.length];
    double[] ratio = new double[sizes.length];
    boolean ratios = true;
    boolean large = random.nextInt(6) == 0;
    for (int i = 0; i < sizes.length; i++) {
      kernel[i] = 1 + random.nextInt(large ? sizes[i] : Math.min(sizes[i], 5));
      output[i] = 1 + random.nextInt(sizes[i] - kernel[i] + 1);
      ratio[i] = (output[i] + 0.5) / sizes[i];
      ratios &= ratio[i] < 1;
    }
    Fractional regions = Regions.fractional(kernel);
    return ratios && random.nextBoolean() ? regions.outputRatio(ratio) : regions.outputSize(output);
  }
}
