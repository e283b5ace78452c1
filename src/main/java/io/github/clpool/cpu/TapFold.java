package io.github.clpool.cpu;

import io.github.clpool.cpu.AxisTaps.Run;

/**
 * Folds an axis tap by tap: what all targets have at a tap is brought side by side, so that loops
 * are long and plain. Memory of one thread.
 */
final class TapFold<A> {
  /** So many targets are folded at a time that they stay in the L1 cache. */
  private static final int CHUNK = 2048;

  /** Stretches of memory that are copied as a whole should not be shorter. */
  private static final int LEAST = 256;

  /** Shorter stretches are copied rather one by one. */
  private static final int SHORT = 8;

  private final Elements<A> elements;
  private final Fold fold;
  private final boolean loaded;
  private A sums;
  private A tap;
  private A next;
  private int room;

  /**
   * Makes one.
   *
   * @param loaded whether it folds what was loaded, or what was folded before
   */
  TapFold(Elements<A> elements, Fold fold, boolean loaded) {
    this.elements = elements;
    this.fold = fold;
    this.loaded = loaded;
  }

  /** Makes room for the targets of an axis. */
  void reserve(AxisTaps axis, int inner) {
    int needed = Math.max(CHUNK, axis.targets() * part(axis, inner));
    if (needed > room) {
      room = needed;
      sums = elements.array(room);
      tap = loaded ? elements.sources(room) : elements.array(room);
      next = loaded ? elements.sources(room) : elements.array(room);
    }
  }

  private static int part(AxisTaps axis, int inner) {
    int part = Math.max(LEAST, CHUNK / axis.targets());
    return inner < 2 * part ? inner : part;
  }

  /**
   * Folds one axis of three.
   *
   * @param axis the axis in the middle
   * @param outer the size of the first axis
   * @param inner the size of the last axis
   * @param cells the number of cells from one source to the next
   */
  void run(AxisTaps axis, int outer, int inner, int cells, A from, A to) {
    reserve(axis, inner);
    int part = part(axis, inner);
    int most = part < inner ? 1 : Math.max(1, CHUNK / (axis.targets() * inner));
    for (int first = 0; first < outer; first += most) {
      for (int at = 0; at < inner; at += part) {
        Piece piece =
            new Piece(
                axis, first, Math.min(most, outer - first), inner, at, Math.min(part, inner - at));
        fold(piece, cells * axis.step(), from);
        piece.put(to);
      }
    }
  }

  private void fold(Piece piece, int distance, A from) {
    int size = piece.size();
    int taps = piece.axis.runs().length;
    if (taps == 0) {
      elements.clear(fold, sums, 0, size);
      return;
    }
    piece.take(from, 0, sums);
    int i = 1;
    for (; i + 1 < taps; i += 2) {
      piece.take(from, i, tap);
      piece.take(from, i + 1, next);
      elements.fold(fold, sums, tap, next, i * distance, (i + 1) * distance, size);
    }
    if (i < taps) {
      piece.take(from, i, tap);
      elements.fold(fold, sums, tap, i * distance, size);
    }
  }

  /** Some of the first axis, all targets, and a part of the last axis. */
  private final class Piece {
    final AxisTaps axis;
    final int first;
    final int count;
    final int inner;
    final int at;
    final int length;

    Piece(AxisTaps axis, int first, int count, int inner, int at, int length) {
      this.axis = axis;
      this.first = first;
      this.count = count;
      this.inner = inner;
      this.at = at;
      this.length = length;
    }

    int size() {
      return count * axis.targets() * length;
    }

    /** Brings what the targets have at a tap side by side, and clears those that have none. */
    void take(A from, int tap, A into) {
      Run[] runs = axis.runs()[tap];
      if (runs.length == 1 && isEven(runs[0])) {
        takeAll(from, runs[0], into);
        return;
      }
      if (!axis.full()[tap]) {
        elements.clear(fold, into, 0, size());
      }
      for (Run run : runs) {
        take(from, run, into);
      }
    }

    /** Whether the step from the last source of a row to the first of the next is as any other. */
    private boolean isEven(Run run) {
      return run.targetStep() == 1
          && axis.sources() == run.sourceStep() * axis.targets()
          && (length == 1 || run.sourceStep() == 1)
          && length == inner;
    }

    /** Takes rows as one, and clears then what lies between the ends of their runs. */
    private void takeAll(A from, Run run, A into) {
      int row = axis.targets() * inner;
      int taken = run.count() * inner;
      int begin = run.target() * inner;
      int end = (count - 1) * row + begin + taken;
      int source = (first * axis.sources() + run.source()) * inner;
      elements.gather(from, source, run.sourceStep(), into, begin, end - begin);
      if (taken < row) {
        elements.clear(fold, into, 0, begin);
        for (int at = begin + taken; at < end; at += row) {
          elements.clear(fold, into, at, row - taken);
        }
        elements.clear(fold, into, end, count * row - end);
      }
    }

    private void take(A from, Run run, A into) {
      int pitch = axis.sources() * inner;
      int intoPitch = axis.targets() * length;
      int source = first * pitch + run.source() * inner + at;
      int target = run.target() * length;
      int step = run.sourceStep() * inner;
      int intoStep = run.targetStep() * length;
      if (length == 1 && run.count() < (run.isDense() ? Math.min(SHORT, count) : count)) {
        for (int i = 0; i < run.count(); i++) {
          elements.copy(
              from, source + i * step, pitch, into, target + i * intoStep, intoPitch, count);
        }
        return;
      }
      for (int o = 0; o < count; o++, source += pitch, target += intoPitch) {
        if (length == inner && run.isDense()) {
          elements.copy(from, source, into, target, run.count() * inner);
        } else if (length == 1) {
          elements.copy(from, source, step, into, target, intoStep, run.count());
        } else {
          for (int i = 0; i < run.count(); i++) {
            elements.copy(from, source + i * step, into, target + i * intoStep, length);
          }
        }
      }
    }

    void put(A to) {
      int target = first * axis.targets() * inner + at;
      if (length == inner) {
        elements.copy(sums, 0, to, target, size());
        return;
      }
      for (int t = 0; t < axis.targets(); t++) {
        elements.copy(sums, t * length, to, target + t * inner, length);
      }
    }
  }
}
