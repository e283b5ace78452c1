package io.github.clpool.parity;

import io.github.clpool.op.Operator;
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

  private static final Map<String, Draw> BY_NAME = Map.of();

  private RandomOperators() {}

  static boolean has(String name) {
    return BY_NAME.containsKey(name);
  }

  static Operator draw(String name, SplittableRandom random, int... sizes) {
    return BY_NAME.get(name).draw(random, sizes);
  }
}
