package io.github.clpool.cpu;

import io.github.clpool.backend.HeapStorage;
import io.github.clpool.op.Problem;
import io.github.clpool.tensor.DataType;
import java.util.Arrays;

/**
 * Cells as keys whose maximum is the cell that a maximum or minimum selects (docs/semantics.md,
 * 2.4), so that any order of folding finds it: a number in its order and NaN above all, then the
 * first of equal cells, of NaNs the last. Storing stores the index beside the number. Memory of one
 * thread.
 */
final class Keys extends Elements<long[]> {
  private static final int NAN = Integer.MAX_VALUE;
  private static final int INFINITY = 0x7f800000;
  private static final int MAGNITUDE = Integer.MAX_VALUE;
  private static final int NO_PLACE = Integer.MAX_VALUE; // after every cell of a tensor
  private static final int TIE_BITS = 31; // 63 bits in all, so that differences of keys fit

  private final FloatNumbers numbers;
  private final int flip; // all ones turn the order of numbers round
  private final int[] indices;
  private final int pitch; // from a cell of a plane to the next
  private final double cellsPerPlace; // a multiplication is faster than a division
  private final int inputSize; // from a batch position, channels first a plane, to the next
  private final int outputSize;
  private float[] scratch = {}; // the numbers of some keys, as long as the longest so far

  /**
   * Keys of a call.
   *
   * @param problem of a float type
   * @param fold maximum or minimum
   * @param indices takes the flat indices of the selected cells, -1 where there are none
   */
  Keys(Problem problem, Fold fold, int... indices) {
    this.numbers = new FloatNumbers(problem.type());
    this.flip = fold == Fold.MIN ? -1 : 0;
    this.indices = indices;
    this.pitch = (int) problem.layout().cellStride(problem.input());
    this.cellsPerPlace = 1.0 / pitch;
    this.inputSize = problem.input().planeSize() * pitch;
    this.outputSize = problem.output().planeSize() * pitch;
  }

  static boolean has(DataType type) {
    return type != DataType.FLOAT64;
  }

  @Override
  long[] array(int length) {
    return new long[length];
  }

  private static long key(int bits, int flip, int place) {
    boolean nan = (bits & MAGNITUDE) > INFINITY;
    int number = nan ? NAN : inOrder(bits) ^ flip;
    int tie = nan ? place : NO_PLACE - place;
    return (long) number << TIE_BITS | tie;
  }

  /** The bits of a number as an integer of the same order, -0 below +0; its own inverse. */
  private static int inOrder(int bits) {
    return bits ^ (bits >> 31 & MAGNITUDE);
  }

  private float[] row(int count) {
    if (count > scratch.length) {
      scratch = new float[count];
    }
    return scratch;
  }

  @Override
  void load(HeapStorage source, int from, int step, long[] target, int to, int count) {
    float[] row = row(count);
    numbers.load(source, from, step, row, 0, count);
    for (int i = 0; i < count; i++) {
      target[to + i] = key(Float.floatToRawIntBits(row[i]), flip, from + i * step);
    }
  }

  @Override
  void store(long[] source, int from, HeapStorage target, int to, int step, int count) {
    float[] row = row(count);
    int start = to / outputSize * inputSize;
    boolean onePlane = (to + (count - 1) * step) / outputSize == to / outputSize;
    for (int i = 0; i < count; i++) {
      int number = (int) (source[from + i] >> TIE_BITS);
      int tie = (int) source[from + i] & NO_PLACE;
      boolean nan = number == NAN;
      row[i] = nan ? Float.NaN : Float.intBitsToFloat(inOrder(number ^ flip));
      int place = nan ? tie : NO_PLACE - tie;
      if (!onePlane) {
        start = (to + i * step) / outputSize * inputSize;
      }
      int cell = pitch == 1 ? place - start : (int) ((place - start + 0.5) * cellsPerPlace);
      indices[to + i * step] = place == NO_PLACE ? -1 : cell;
    }
    numbers.store(row, 0, target, to, step, count);
  }

  @Override
  void fill(long[] array, int from, int count, double value) {
    long key = key(Float.floatToRawIntBits((float) value), flip, NO_PLACE);
    Arrays.fill(array, from, from + count, key);
  }

  @Override
  void copy(long[] source, int from, long[] target, int to, int count) {
    System.arraycopy(source, from, target, to, count);
  }

  @Override
  void gather(long[] source, int from, int step, long[] target, int to, int count) {
    for (int i = 0; i < count; i++) {
      target[to + i] = source[from + i * step];
    }
  }

  @Override
  void scatter(long[] source, int from, long[] target, int to, int step, int count) {
    for (int i = 0; i < count; i++) {
      target[to + i * step] = source[from + i];
    }
  }

  @Override
  void combine(Fold fold, long[] target, long[] a, long[] b, int from, int count) {
    int end = from + count;
    for (int i = from; i < end; i++) {
      long above = a[i] - b[i]; // the maximum, without a branch: keys are as good as random
      target[i] = a[i] - (above & above >> 63);
    }
  }
}
