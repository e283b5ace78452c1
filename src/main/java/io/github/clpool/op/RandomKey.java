package io.github.clpool.op;

import io.github.clpool.tensor.Require;

/**
 * The key of a counter-based random draw: the same key gives the same numbers on every device.
 * Immutable.
 *
 * @param seed the seed of a whole experiment
 * @param call the number of the call, one more for each
 * @param first the batch position, in a whole batch, of the first one that the call is given; 0
 *     unless the call computes a part of a batch
 */
public record RandomKey(long seed, long call, long first) {
  private static final long MOST_NUMBERS = 1L << 61; // the generator counts below 2^62

  /**
   * Checks the position.
   *
   * @param seed the seed of a whole experiment
   * @param call the number of the call, one more for each
   * @param first the batch position, in a whole batch, of the first one that the call is given
   * @throws IllegalArgumentException if the position is negative
   */
  public RandomKey {
    Require.atLeast("first", first, 0);
  }

  /**
   * The key of a call that is given whole batches.
   *
   * @param seed the seed of a whole experiment
   * @param call the number of the call, one more for each
   */
  public RandomKey(long seed, long call) {
    this(seed, call, 0);
  }

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
    return new RandomKey(seed, call + 1, first);
  }

  /**
   * The key for a part of a batch, which then draws what it would draw in the whole, such as on one
   * of several machines.
   *
   * @param n the batch position, in the whole batch, of the part's first one, at least 0
   * @return this key at that position
   */
  public RandomKey startingAt(long n) {
    return new RandomKey(seed, call, n);
  }

  /**
   * How many numbers the batch positions before the first one take.
   *
   * @param each how many each takes
   * @return their number
   * @throws IllegalArgumentException if no numbers are left behind them
   */
  public long skipped(long each) {
    Require.that(
        each == 0 || first <= MOST_NUMBERS / each,
        "first of the key is %d, but with %d numbers for each batch position it must be at most %d",
        first,
        each,
        each == 0 ? Long.MAX_VALUE : MOST_NUMBERS / each);
    return first * each;
  }
}
