package io.github.clpool.cpu;

import io.github.clpool.backend.HeapStorage;
import io.github.clpool.tensor.DataType;

/**
 * Arrays of a computing type, and the conversions from and to a storage type: what lets one
 * algorithm serve every type. Immutable.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
abstract sealed class Numbers<A> permits FloatNumbers, DoubleNumbers {
  static Numbers<?> of(DataType type) {
    return type == DataType.FLOAT64 ? new DoubleNumbers() : new FloatNumbers(type);
  }

  abstract A array(int length);

  abstract double get(A array, int i);

  /** Stores a number that the computing type has. */
  abstract void set(A array, int i, double value);

  /** Rounds the double result of one operation to the computing type. */
  abstract double round(double value);

  /** Widens every {@code step}-th stored number, from {@code from} on. */
  abstract void load(HeapStorage source, int from, int step, A target, int to, int count);

  /** Rounds numbers once, to every {@code step}-th place, from {@code to} on. */
  abstract void store(A source, int from, HeapStorage target, int to, int step, int count);

  /** Folds each number of the source into its place of the target. */
  abstract void combine(Fold fold, A target, int to, A source, int from, int count);

  /** Adds +0 to each number, which turns -0 into +0. */
  abstract void addZero(A array, int from, int count);

  /**
   * Stores complete gradients: sums plus 0, added to what is stored if asked.
   *
   * @param sums the sums; overwritten
   * @param old room for {@code count} numbers, or null to replace what is stored
   */
  final void storeGradient(
      A sums, int from, HeapStorage target, int to, int step, int count, A old) {
    addZero(sums, from, count);
    if (old != null) {
      load(target, to, step, old, 0, count);
      combine(Fold.SUM, sums, from, old, 0, count);
    }
    store(sums, from, target, to, step, count);
  }
}
