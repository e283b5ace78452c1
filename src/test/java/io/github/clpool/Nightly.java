package io.github.clpool;

/** How much a test of random cases tries: more with {@code -Dclpool.test.nightly=true}. */
public final class Nightly {
  private Nightly() {}

  /** Whether more is to be tried. */
  public static boolean is() {
    return Boolean.getBoolean("clpool.test.nightly");
  }

  /** How many cases. */
  public static int cases(int usual, int nightly) {
    return is() ? nightly : usual;
  }

  /** The seed of this run's cases, to be printed with a failure; another every night. */
  public static long seed() {
    return Long.getLong("clpool.test.seed", is() ? System.nanoTime() : 7);
  }
}
