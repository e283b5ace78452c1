package io.github.clpool.reference;

import io.github.clpool.exact.Precision;
import io.github.clpool.exact.Sums;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** The cells of an output, or the outputs that a cell feeds, by their flat indices. */
public interface Region {
  /**
   * How many there are.
   *
   * @return the number
   */
  long count();

  /**
   * Whether there are none.
   *
   * @return true for no cells
   */
  default boolean isEmpty() {
    return count() == 0;
  }

  /**
   * Visits them in flat order.
   *
   * @param action takes each index
   */
  void forEach(IntConsumer action);

  /**
   * Lists them.
   *
   * @return the flat indices, ascending
   */
  default int[] indices() {
    IntStream.Builder indices = IntStream.builder();
    forEach(indices::add);
    return indices.build().toArray();
  }

  /**
   * Sums a term over them in the order of docs/semantics.md, 2.2: over h for each d and w, then
   * over d for each w, then over w. Positions outside the plane keep their place and count as
   * nothing.
   *
   * @param term the term at an index
   * @return the sum, {@link Sums#SKIPPED} if every term is
   */
  double sum(IntToDoubleFunction term);

  /**
   * Sums a term over those that something holds for, in one plain chain in flat order, from +0 on.
   *
   * @param term the term at an index
   * @param holds for which there is one
   * @param precision the computing type
   * @return the sum
   */
  default double chain(IntToDoubleFunction term, IntPredicate holds, Precision precision) {
    double[] sum = {0};
    forEach(
        index -> {
          if (holds.test(index)) {
            sum[0] = precision.round(sum[0] + term.applyAsDouble(index));
          }
        });
    return sum[0];
  }
}
