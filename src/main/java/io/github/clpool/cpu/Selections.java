package io.github.clpool.cpu;

import io.github.clpool.backend.HeapStorage;
import io.github.clpool.op.Problem;
import io.github.clpool.tensor.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;

/**
 * Finds which cell a maximum or minimum selects (docs/semantics.md, 2.4). Numbers are integers in
 * the same order, NaN above all; beside each lies how far behind the first tap its cell is. Taps
 * are folded in the order of the cells, a later one is taken only if it is greater, or NaN. Without
 * a branch, since which cell is greater is as good as random. Memory of one thread.
 */
final class Selections extends Elements<Selections.Cells> {
  /** Numbers, and where they were found; the latter is null as long as nothing is folded. */
  static final class Cells {
    private final int[] keys;
    private final int[] distances;

    private Cells(int[] keys, int[] distances) {
      this.keys = keys;
      this.distances = distances;
    }
  }

  private static final int NAN = Integer.MAX_VALUE;
  private static final int NONE = Integer.MIN_VALUE; // below every number
  private static final int LEAST = 0x807fffff; // the lowest number
  private static final int INFINITY = 0x7f800000;
  private static final int MAGNITUDE = Integer.MAX_VALUE;

  /** So many numbers are converted at a time, so that they stay in the L1 cache. */
  private static final int CHUNK = 2048;

  private final FloatNumbers numbers;
  private final int flip; // all ones turn the order of numbers round
  private int[] indices;
  private final float[] floats = new float[CHUNK];
  private final int[] bits = new int[CHUNK];
  private int[] masks = {};

  // The compiler makes vectors of loops over integers, but not of the bits of floats.
  private final FloatBuffer asFloats;
  private final IntBuffer asInts;

  /**
   * Those of a problem.
   *
   * @param problem of a float type
   * @param fold maximum or minimum
   */
  Selections(Problem problem, Fold fold) {
    this.numbers = new FloatNumbers(problem.type());
    this.flip = fold == Fold.MIN ? -1 : 0;
    ByteBuffer bytes = ByteBuffer.allocate(CHUNK * Float.BYTES).order(ByteOrder.nativeOrder());
    this.asFloats = bytes.asFloatBuffer();
    this.asInts = bytes.asIntBuffer();
  }

  /** Stores the indices of a call from now on, -1 where no cell is selected; null: of none. */
  void storeTo(int[] callIndices) {
    indices = callIndices;
  }

  static boolean has(DataType type) {
    return type != DataType.FLOAT64;
  }

  @Override
  Cells array(int length) {
    return new Cells(new int[length], new int[length]);
  }

  @Override
  Cells sources(int length) {
    return new Cells(new int[length], null);
  }

  @Override
  void load(HeapStorage source, int from, int step, Cells target, int to, int count) {
    for (int at = 0; at < count; at += CHUNK) {
      int length = Math.min(CHUNK, count - at);
      numbers.load(source, from + at * step, step, floats, 0, length);
      order(target, to + at, length);
    }
  }

  @Override
  void loadCells(
      HeapStorage source,
      int from,
      int pitch,
      int lanes,
      int step,
      Cells target,
      int to,
      int cells) {
    if (lanes > CHUNK) {
      super.loadCells(source, from, pitch, lanes, step, target, to, cells);
      return;
    }
    int most = CHUNK / lanes;
    for (int first = 0; first < cells; first += most) {
      int count = Math.min(most, cells - first);
      numbers.loadCells(source, from + first * pitch, pitch, lanes, step, floats, 0, count);
      order(target, to + first * lanes, count * lanes);
    }
  }

  /** Takes the floats that were loaded. */
  private void order(Cells target, int to, int count) {
    asFloats.put(0, floats, 0, count);
    asInts.get(0, bits, 0, count);
    order(bits, flip, count);
    System.arraycopy(bits, 0, target.keys, to, count);
  }

  private static void order(int[] bits, int flip, int count) {
    for (int i = 0; i < count; i++) {
      int number = bits[i];
      int nan = INFINITY - (number & MAGNITUDE) >> 31;
      bits[i] = (inOrder(number) ^ flip) & ~nan | NAN & nan;
    }
  }

  /** The bits of a number as an integer of the same order, -0 below +0; its own inverse. */
  private static int inOrder(int bits) {
    return bits ^ (bits >> 31 & MAGNITUDE);
  }

  /**
   * Makes flat indices of distances, those of empty regions -1.
   *
   * @param firstTaps the flat index of each output's first tap, from some cell on
   * @param base that cell
   */
  void locate(Cells cells, int[] firstTaps, int base, int count) {
    locate(cells.keys, cells.distances, firstTaps, base, count);
  }

  private static void locate(int[] keys, int[] places, int[] firstTaps, int base, int count) {
    for (int i = 0; i < count; i++) {
      int none = none(keys[i]);
      places[i] = (places[i] + firstTaps[i] + base) | none;
    }
  }

  @Override
  void store(Cells source, int from, HeapStorage target, int to, int step, int count) {
    for (int at = 0; at < count; at += CHUNK) {
      int length = Math.min(CHUNK, count - at);
      restore(source, from + at, length);
      numbers.store(floats, 0, target, to + at * step, step, length);
    }
    scatter(source.distances, from, indices, to, step, count);
  }

  @Override
  void storeCells(
      Cells source,
      int from,
      HeapStorage target,
      int to,
      int pitch,
      int lanes,
      int step,
      int cells) {
    if (lanes > CHUNK) {
      super.storeCells(source, from, target, to, pitch, lanes, step, cells);
      return;
    }
    int most = CHUNK / lanes;
    for (int first = 0; first < cells; first += most) {
      int count = Math.min(most, cells - first);
      restore(source, from + first * lanes, count * lanes);
      numbers.storeCells(floats, 0, target, to + first * pitch, pitch, lanes, step, count);
    }
    for (int i = 0; i < cells; i++) {
      scatter(source.distances, from + i * lanes, indices, to + i * pitch, step, lanes);
    }
  }

  /** Makes floats to be stored. */
  private void restore(Cells source, int from, int count) {
    System.arraycopy(source.keys, from, bits, 0, count);
    restore(bits, flip, count);
    asInts.put(0, bits, 0, count);
    asFloats.get(0, floats, 0, count);
  }

  /** NaN is restored as one of the NaNs. */
  private static void restore(int[] keys, int flip, int count) {
    for (int i = 0; i < count; i++) {
      keys[i] = inOrder((keys[i] ^ (NONE ^ LEAST) & none(keys[i])) ^ flip);
    }
  }

  /** Leaves distances as they are: nothing reads that of no cell. */
  @Override
  void clear(Fold fold, Cells array, int from, int count) {
    Arrays.fill(array.keys, from, from + count, NONE);
  }

  @Override
  void copy(Cells source, int from, Cells target, int to, int count) {
    System.arraycopy(source.keys, from, target.keys, to, count);
    if (source.distances != null) {
      System.arraycopy(source.distances, from, target.distances, to, count);
    } else if (target.distances != null) {
      Arrays.fill(target.distances, to, to + count, 0);
    }
  }

  @Override
  void gather(Cells source, int from, int step, Cells target, int to, int count) {
    gather(source.keys, from, step, target.keys, to, count);
    if (source.distances != null) {
      gather(source.distances, from, step, target.distances, to, count);
    } else if (target.distances != null) {
      Arrays.fill(target.distances, to, to + count, 0);
    }
  }

  private static void gather(int[] source, int from, int step, int[] target, int to, int count) {
    if (step == 1) {
      System.arraycopy(source, from, target, to, count);
    } else if (step == 2) { // a constant stride needs no bounds checks in the loop
      for (int i = 0; i < count; i++) {
        target[to + i] = source[from + i * 2];
      }
    } else {
      for (int i = 0; i < count; i++) {
        target[to + i] = source[from + i * step];
      }
    }
  }

  @Override
  void scatter(Cells source, int from, Cells target, int to, int step, int count) {
    scatter(source.keys, from, target.keys, to, step, count);
    if (source.distances != null) {
      scatter(source.distances, from, target.distances, to, step, count);
    } else if (target.distances != null) {
      for (int i = 0; i < count; i++) {
        target.distances[to + i * step] = 0;
      }
    }
  }

  private static void scatter(int[] source, int from, int[] target, int to, int step, int count) {
    if (step == 1) {
      System.arraycopy(source, from, target, to, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      target[to + i * step] = source[from + i];
    }
  }

  @Override
  void fold(Fold fold, Cells target, Cells tap, int distance, int count) {
    if (masks.length < count) {
      masks = new int[count];
    }
    compare(target.keys, tap.keys, masks, count);
    take(target.keys, tap.keys, 0, masks, count);
    if (tap.distances == null) {
      take(target.distances, distance, masks, count);
    } else {
      take(target.distances, tap.distances, distance, masks, count);
    }
  }

  @Override
  void fold(
      Fold fold, Cells target, Cells tap, Cells next, int distance, int nextDistance, int count) {
    fold(fold, target, tap, distance, count);
    fold(fold, target, next, nextDistance, count);
  }

  // Masks are all ones or 0: the compiler makes vectors of neither conditions nor Math.max, nor of
  // loops that do more at a time.

  /** Whether later keys are taken: they are greater, or NaN. */
  private static void compare(int[] keys, int[] laterKeys, int[] masks, int count) {
    for (int i = 0; i < count; i++) {
      int key = keys[i];
      int later = laterKeys[i];
      int less = (key >> 1) - (later >> 1) - (~key & later & 1); // halves do not overflow
      masks[i] = (less | later + 1 & ~later) >> 31;
    }
  }

  private static void take(int[] target, int[] later, int plus, int[] masks, int count) {
    for (int i = 0; i < count; i++) {
      target[i] = target[i] ^ (target[i] ^ later[i] + plus) & masks[i];
    }
  }

  private static void take(int[] target, int later, int[] masks, int count) {
    for (int i = 0; i < count; i++) {
      target[i] = target[i] ^ (target[i] ^ later) & masks[i];
    }
  }

  /** Whether a key is {@link #NONE}. */
  private static int none(int key) {
    return (key & ~(key - 1)) >> 31;
  }
}
