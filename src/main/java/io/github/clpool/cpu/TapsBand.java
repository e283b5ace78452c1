package io.github.clpool.cpu;

import io.github.clpool.backend.HeapStorage;
import io.github.clpool.op.Geometry;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;

/** The memory of one thread that folds parts of planes tap by tap. */
final class TapsBand<A> {
  private static final int D = 1; // the axes of an array: planes, depth, height, width, lanes
  private static final int H = 2;
  private static final int W = 3;

  private final TapsPass<A> pass;
  private final TapParts parts;
  private final Elements<A> elements;
  private final Numbers<A> numbers; // unless cells are selected
  private final Slabs slabs;
  private final AxisTaps w;
  private final boolean forward;
  private final Size input; // of sources
  private final Size output; // of targets
  private final int[] order;
  private final A sources;
  private final TapFold<A> firstFold;
  private final TapFold<A> fold;
  private final A[] folded; // by axis
  private final DivisorRows<A> divisors; // of sums, else null
  private final A old;
  private final FirstTaps firstTaps = new FirstTaps();

  /** The size of a plane. */
  private record Size(int d, int h, int w) {
    int cells() {
      return d * h * w;
    }
  }

  @SuppressWarnings("unchecked")
  TapsBand(TapsPass<A> pass, Elements<A> elements) {
    this.pass = pass;
    this.elements = elements;
    numbers = elements instanceof Numbers<A> all ? all : null;
    parts = pass.parts();
    slabs = parts.slabs();
    w = parts.w();
    forward = pass.isForward();
    Geometry geometry = pass.problem().pool().geometry(pass.problem().input());
    Size cells =
        new Size(geometry.d().inputSize(), geometry.h().inputSize(), geometry.w().inputSize());
    Size outputs =
        new Size(geometry.d().outputSize(), geometry.h().outputSize(), geometry.w().outputSize());
    input = forward ? cells : outputs;
    output = forward ? outputs : cells;
    // Sums keep their order; a later cell is selected only if it is greater.
    order = numbers == null ? new int[] {W, H, D} : new int[] {H, D, W};

    int[] sizes = {
      parts.planes(),
      most(parts.d(), AxisTaps::sources),
      most(parts.h(), AxisTaps::sources),
      w.sources(),
      slabs.lanes()
    };
    int rowsOfSources = sizes[0] * sizes[D] * sizes[H];
    sources = elements.sources(product(sizes, 0, sizes.length));
    fold = new TapFold<>(elements, pass.fold(), false);
    firstFold = numbers == null ? new TapFold<>(elements, pass.fold(), true) : fold;
    folded = (A[]) new Object[sizes.length];
    for (int axis : order) {
      sizes[axis] =
          axis == W ? w.targets() : most(axis == H ? parts.h() : parts.d(), AxisTaps::targets);
      folded[axis] = elements.array(product(sizes, 0, sizes.length));
    }
    divisors =
        pass.fold() == Fold.SUM ? divisors(rowsOfSources, sizes[0] * sizes[D] * sizes[H]) : null;
    int size = product(sizes, 0, sizes.length);
    old = pass.problem().accumulate() ? elements.array(size) : null;
  }

  private DivisorRows<A> divisors(int rowsOfSources, int rows) {
    int lanes = slabs.lanes();
    return forward
        ? new DivisorRows<>(pass.problem(), numbers, lanes, 0, w.targets() * lanes, rows)
        : new DivisorRows<>(pass.problem(), numbers, lanes, 0, w.sources() * lanes, rowsOfSources);
  }

  private static int most(List<AxisTaps> parts, ToIntFunction<AxisTaps> size) {
    return parts.stream().mapToInt(size).max().orElse(0);
  }

  private static int product(int[] sizes, int from, int to) {
    int product = 1;
    for (int i = from; i < to; i++) {
      product *= sizes[i];
    }
    return product;
  }

  /** Folds a part of some planes; {@code indices} takes those of the cells, if any are wanted. */
  void run(HeapStorage from, HeapStorage to, int[] indices, int slab, AxisTaps d, AxisTaps h) {
    int planes = Math.min(parts.planes(), slabs.count() - slab);
    int[] sizes = {planes, d.sources(), h.sources(), w.sources(), slabs.lanes()};
    move(
        input,
        slab,
        planes,
        new int[] {d.firstSource(), d.sources(), h.firstSource(), h.sources()},
        (planeSize, place, at, cells) ->
            slabs.load(elements, from, planeSize, place, sources, at, cells));
    if (divisors != null && !forward) {
      divisors.divide(sources, planes, d.firstSource(), d.sources(), h.firstSource(), h.sources());
    }
    if (!pass.powers().arePlain()) {
      pass.powers().raise(numbers, sources, 0, product(sizes, 0, sizes.length));
    }
    A targets = fold(d, h, sizes);
    int size = product(sizes, 0, sizes.length);
    if (divisors != null && forward) {
      divisors.divide(targets, planes, d.firstTarget(), d.targets(), h.firstTarget(), h.targets());
      pass.powers().roots(numbers, targets, 0, size);
      divisors.clearEmpty(
          targets, planes, d.firstTarget(), d.targets(), h.firstTarget(), h.targets(), h.targets());
    }
    if (elements instanceof Selections selections) {
      selections.storeTo(indices);
      firstTaps.locate(selections, (Selections.Cells) targets, planes, d, h, size);
    }
    move(
        output,
        slab,
        planes,
        new int[] {d.firstTarget(), d.targets(), h.firstTarget(), h.targets()},
        (planeSize, place, at, cells) -> store(targets, at, to, planeSize, place, cells));
    if (elements instanceof Selections selections) {
      selections.storeTo(null); // this outlives the call, whose tensors it must not keep
    }
  }

  private A fold(AxisTaps d, AxisTaps h, int[] sizes) {
    A found = sources;
    for (int axis : order) {
      AxisTaps taps = axis == W ? w : axis == H ? h : d;
      if (taps.isIdentity() && (axis != order[0] || numbers != null)) {
        continue;
      }
      int cells = axis == W ? 1 : axis == H ? input.w : input.h * input.w;
      int outer = product(sizes, 0, axis);
      int inner = product(sizes, axis + 1, sizes.length);
      TapFold<A> folder = found == sources ? firstFold : fold;
      folder.run(taps, outer, inner, cells, found, folded[axis]);
      sizes[axis] = taps.targets();
      found = folded[axis];
    }
    return found;
  }

  private void store(A from, int at, HeapStorage to, int planeSize, int place, int cells) {
    if (forward) {
      slabs.store(elements, from, at, to, planeSize, place, cells);
    } else {
      slabs.storeGradient(numbers, from, at, to, planeSize, place, cells, old);
    }
  }

  /** Loads or stores neighbouring cells. */
  private interface Move {
    void run(int planeSize, int place, int at, int cells);
  }

  /** Moves rows of some planes between a tensor and an array, as many as possible at once. */
  private void move(Size size, int slab, int planes, int[] part, Move move) {
    boolean slices = part[3] == size.h; // whole ones, which lie one behind the other
    boolean all = slices && part[1] == size.d && slabs.pitch() == 1;
    int cells = (all ? planes : 1) * (slices ? part[1] : 1) * part[3] * size.w;
    int at = 0;
    for (int p = 0; p < (all ? 1 : planes); p++) {
      int start = slabs.start(slab + p, size.cells());
      for (int i = 0; i < (slices ? 1 : part[1]); i++) {
        int cell = ((part[0] + i) * size.h + part[2]) * size.w;
        move.run(size.cells(), start + cell * slabs.pitch(), at, cells);
        at += cells * slabs.lanes();
      }
    }
  }

  /** The flat indices of the outputs' first taps. */
  private final class FirstTaps {
    private int[] rows = {}; // from the first row on
    private int[] all = {};
    private AxisTaps knownD;
    private AxisTaps knownH;
    private int base;

    void locate(
        Selections selections,
        Selections.Cells found,
        int planes,
        AxisTaps d,
        AxisTaps h,
        int size) {
      if (d != knownD || h != knownH || size != all.length) {
        know(planes, d, h, size);
      }
      selections.locate(found, all, base, size);
    }

    private void know(int planes, AxisTaps d, AxisTaps h, int size) {
      knownD = d;
      knownH = h;
      base = row(d, h, 0, 0);
      int[] now = new int[planes * d.targets() * h.targets()];
      int at = 0;
      for (int p = 0; p < planes; p++) {
        for (int i = 0; i < d.targets(); i++) {
          for (int j = 0; j < h.targets(); j++) {
            now[at++] = row(d, h, i, j) - base;
          }
        }
      }
      if (Arrays.equals(now, rows)) { // all parts of equal size but those at the ends
        return;
      }
      rows = now;
      all = new int[size];
      int pitch = w.targets() * slabs.lanes();
      for (int i = 0; i < size; i++) {
        all[i] = rows[i / pitch] + w.origins()[i % pitch / slabs.lanes()];
      }
    }

    private int row(AxisTaps d, AxisTaps h, int i, int j) {
      return (d.origins()[i] * input.h + h.origins()[j]) * input.w;
    }
  }
}
