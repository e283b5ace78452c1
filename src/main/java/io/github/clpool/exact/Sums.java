package io.github.clpool.exact;

import java.util.function.IntToDoubleFunction;

/**
 * The order of summation (docs/semantics.md, section 2, rule 2): up to 64 terms from left to right,
 * more in blocks of 64 whose sums are summed alike. Stateless. Twin of {@code opencl/lib/sums.clh}.
 */
public final class Sums {
  /** The most terms that are summed plainly. */
  public static final int BLOCK = 64;

  /** What a skipped term counts as: adding it changes no number, not even -0. */
  public static final double SKIPPED = -0.0;

  private Sums() {}

  /**
   * Sums along one axis.
   *
   * @param terms how many terms
   * @param term the term at a position, {@link #SKIPPED} where there is none
   * @param precision the computing type
   * @return the sum, {@link #SKIPPED} if every term is
   */
  public static double along(int terms, IntToDoubleFunction term, Precision precision) {
    if (terms <= BLOCK) {
      double sum = SKIPPED;
      for (int i = 0; i < terms; i++) {
        sum = precision.round(sum + term.applyAsDouble(i));
      }
      return sum;
    }
    int blocks = (terms - 1) / BLOCK + 1;
    return along(
        blocks,
        block -> {
          int first = block * BLOCK;
          int length = Math.min(BLOCK, terms - first);
          return along(length, i -> term.applyAsDouble(first + i), precision);
        },
        precision);
  }
}
