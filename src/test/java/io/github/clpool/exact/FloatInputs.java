package io.github.clpool.exact;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Floats to check functions on. Always the same ones for a seed. */
public final class FloatInputs {
  private static final double LN_2 = Math.log(2);
  private static final int NEIGHBOURS = 2;

  private static final float[] SPECIAL = {
    0,
    1,
    2,
    3,
    0.5f,
    1.5f,
    89, // where exponentials are cut off
    104,
    1.3862944f, // where the logistic function is computed in another way
    0x1p23f,
    0x1.000002p23f,
    0x1p24f,
    0x1p31f,
    0x1p32f,
    Float.MIN_VALUE,
    Float.MIN_NORMAL,
    Float.MAX_VALUE,
    Float.POSITIVE_INFINITY,
    Float.NaN
  };

  private FloatInputs() {}

  /** Numbers of both signs where functions often go wrong, and their neighbours. */
  public static float[] special() {
    List<Float> all = new ArrayList<>();
    for (float number : SPECIAL) {
      addWithNeighbours(all, number);
    }
    return array(all);
  }

  /**
   * The special numbers and, with neighbours, every number where an exponential or a logarithm is
   * computed with another exponent, or comes to the end of some range.
   */
  public static float[] boundaries() {
    List<Float> all = new ArrayList<>();
    for (float number : special()) {
      all.add(number);
    }
    for (int k = -151; k <= 129; k++) {
      addWithNeighbours(all, (float) (k * LN_2));
      addWithNeighbours(all, (float) ((k + 0.5) * LN_2));
      addWithNeighbours(all, (float) Math.scalb(1.0, k));
      addWithNeighbours(all, (float) Math.scalb(Math.sqrt(0.5), k));
    }
    return array(all);
  }

  private static void addWithNeighbours(List<Float> all, float number) {
    float below = number;
    float above = number;
    add(all, number);
    for (int i = 0; i < NEIGHBOURS; i++) {
      below = Math.nextDown(below);
      above = Math.nextUp(above);
      add(all, below);
      add(all, above);
    }
  }

  private static void add(List<Float> all, float number) {
    all.add(number);
    all.add(-number);
  }

  private static float[] array(List<Float> numbers) {
    float[] array = new float[numbers.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = numbers.get(i);
    }
    return array;
  }

  /** 2^bits numbers of all exponents and both signs: one at random of each stretch of floats. */
  public static float[] spread(SplittableRandom random, int bits) {
    float[] numbers = new float[1 << bits];
    for (int i = 0; i < numbers.length; i++) {
      int rest = 32 - bits;
      numbers[i] = Float.intBitsToFloat((i << rest) + random.nextInt(1 << rest));
    }
    return numbers;
  }

  /** Consecutive floats in the order of their bits. */
  public static float[] consecutive(int first, int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = Float.intBitsToFloat(first + i);
    }
    return numbers;
  }

  /** Every pair of special numbers. */
  public static float[][] specialPairs() {
    float[] special = special();
    float[][] pairs = new float[2][special.length * special.length];
    for (int i = 0; i < pairs[0].length; i++) {
      pairs[0][i] = special[i / special.length];
      pairs[1][i] = special[i % special.length];
    }
    return pairs;
  }

  /** 2^bits bases, spread over all floats, and exponents; most powers are finite. */
  public static float[][] powers(SplittableRandom random, int bits) {
    float[] x = spread(random, bits);
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      boolean whole = !(x[i] > 0) || Float.isInfinite(x[i]) || x[i] == 1 || random.nextInt(4) == 0;
      double anything = (random.nextDouble() - 0.5) * 400 / Math.log(x[i]);
      y[i] = whole ? random.nextInt(-9, 10) : (float) anything;
    }
    return new float[][] {x, y};
  }
}
