package io.github.clpool;

/** How much a test of random cases tries: more with {@code -Dclpool.test.nightly=true}. */
public final class Nightly {
  private Nightly() {}

  /** How many cases. */
  public static int cases(int usual, int nightly) {
    return Boolean.getBoolean("clpool.test.nightly") ? nightly : usual;
  }

  /** The seed of this run's cases, to be printed with a failure; another every night. */
  public static long seed() {
    return Long.getLong(
        "clpool.test.seed", Boolean.getBoolean("clpool.test.nightly") ? System.nanoTime() : 7);
  }
}
