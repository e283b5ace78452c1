package io.github.clpool.cpu;

import io.github.clpool.exact.Precision;
import io.github.clpool.tensor.DataType;

/**
 * Arrays of a computing type, and the conversions from and to a storage type: what lets one
 * algorithm serve every type. Immutable.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
abstract sealed class Numbers<A> extends Elements<A> permits FloatNumbers, DoubleNumbers {
  /** Those that a call of any size computes in: 8-bit integers are averaged in double. */
  static Numbers<?> of(DataType type) {
    return type == DataType.FLOAT64 || type.isByte()
        ? new DoubleNumbers(type)
        : new FloatNumbers(type);
  }

  /** The same computing type, stored as it is. */
  abstract Numbers<A> wide();

  abstract double get(A array, int i);

  /** Stores a number that the computing type has. */
  abstract void set(A array, int i, double value);

  /** The computing type. */
  abstract Precision precision();

  /** Rounds the double result of one operation to the computing type. */
  abstract double round(double value);

  /** Divides each number by the one at its position. */
  abstract void divide(A array, A divisors, int from, int count);

  /**
   * A plain running sum of weighted numbers, -0 without any: entry {@code i} weighs the number at
   * {@code positions[i]} behind {@code offset}.
   */
  abstract double dot(A values, int offset, int[] positions, A weights, int begin, int end);

  /** Adds neighbouring numbers, from the first on, to those from {@code at} on. */
  abstract void add(A target, int at, A terms, int count);

  /** Adds neighbouring numbers, from {@code from} on, one by one to those at some places. */
  abstract void addEach(A target, int[] places, A terms, int from, int count);

  /** Adds a multiple of numbers to others, each product rounded. */
  abstract void addScaled(A target, int to, double factor, A source, int from, int count);

  /** The sum of products in one plain chain, -0 if there are none. */
  abstract double plainDot(A left, int leftFrom, A right, int rightFrom, int count);

  /** Replaces numbers by their magnitudes. */
  abstract void abs(A array, int from, int count);

  /** Replaces numbers by their second or third powers, each product rounded. */
  abstract void raise(A array, int exponent, int from, int count);

  /** Replaces numbers by their square roots. */
  abstract void squareRoots(A array, int from, int count);

  /** Adds +0 to each number, which turns -0 into +0. */
  abstract void addZero(A array, int from, int count);

  /** Makes complete gradients of sums: plus 0, and plus what was there unless that is null. */
  final void complete(A sums, int from, int count, A old) {
    addZero(sums, from, count);
    if (old != null) {
      combine(Fold.SUM, sums, sums, old, from, count);
    }
  }
}
