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

  abstract void fill(A array, int from, int count, double value);

  @Override
  final void clear(Fold fold, A array, int from, int count) {
    fill(array, from, count, fold.identity());
  }

  /** Copies every {@code step}-th cell of {@code lanes} elements, from cell {@code first} on. */
  final void gatherCells(A source, int first, int step, A target, int count, int lanes) {
    if (lanes == 1) {
      gather(source, first, step, target, 0, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      copy(source, (first + i * step) * lanes, target, i * lanes, lanes);
    }
  }

  /** Copies cells of {@code lanes} elements to every {@code step}-th cell, from the first on. */
  final void scatterCells(A source, int from, A target, int first, int step, int count, int lanes) {
    if (lanes == 1) {
      scatter(source, from, target, first, step, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      copy(source, from + i * lanes, target, (first + i * step) * lanes, lanes);
    }
  }

  /** Folds the elements of two arrays, either of which may be the target. */
  abstract void combine(Fold fold, A target, A a, A b, int from, int count);

  /** Folds those of three from left to right, which takes half the memory accesses of two folds. */
  abstract void combine(Fold fold, A target, A a, A b, A c, int from, int count);

  @Override
  final void fold(Fold fold, A target, A tap, int distance, int count) {
    combine(fold, target, target, tap, 0, count);
  }

  @Override
  final void fold(Fold fold, A target, A tap, A next, int distance, int nextDistance, int count) {
    combine(fold, target, target, tap, next, 0, count);
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
