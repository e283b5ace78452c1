package io.github.clpool.cli;

import java.util.Arrays;

/** Times actions. Stateless. */
final class Timing {
  private static final int MOST = 7;
  private static final double ENOUGH = 0.3;

  private Timing() {}

  /** The median of a few runs in seconds after one to warm up; of fewer where they take long. */
  static double few(Runnable action) {
    action.run();
    double[] times = new double[MOST];
    int count = 0;
    for (double spent = 0; count < MOST && spent < ENOUGH; spent += times[count++]) {
      times[count] = once(action);
    }
    return median(Arrays.copyOf(times, count));
  }

  /** The seconds of one run. */
  static double once(Runnable action) {
    long start = System.nanoTime();
    action.run();
    return (System.nanoTime() - start) * 1e-9;
  }

  /** The seconds of one of some calls that are started together. */
  static double each(Work work, int calls) {
    Runnable all =
        () -> {
          for (int i = 0; i < calls; i++) {
            work.start();
          }
          work.finish();
        };
    return once(all) / calls;
  }

  static double median(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
