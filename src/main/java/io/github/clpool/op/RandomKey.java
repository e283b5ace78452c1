package io.github.clpool.op;

import io.github.clpool.exact.Philox;
import io.github.clpool.tensor.Require;

/**
 * The key of a counter-based random draw: the same key gives the same numbers on every device.
 * Immutable.
 *
 * @param seed the seed of a whole experiment
 * @param call the number of the call, one more for each
 */
public record RandomKey(long seed, long call) {
  /**
   * The first key of a seed.
   *
   * @param seed the seed
   * @return the key of call 0
   */
  public static RandomKey of(long seed) {
    return new RandomKey(seed, 0);
  }

  /**
   * The key of the next call.
   *
   * @return this key with one more call
   */
  public RandomKey next() {
    return new RandomKey(seed, call + 1);
  }

  /**
   * The random numbers that the key stands for.
   *
   * @param stream what they are for
   * @return the generator
   */
  public Philox numbers(Philox.Stream stream) {
    return new Philox(seed, call, Require.present("stream", stream));
  }
}
