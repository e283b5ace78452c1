package io.github.clpool.cpu;

import io.github.clpool.backend.HeapStorage;
import java.util.ArrayList;
import java.util.List;

/**
 * The memory of one thread that folds bands: loads rows, folds them along the height, the depth and
 * the width, and stores the rows that come out. Each phase of each axis has an array of its own,
 * whose elements are depth, height, width, lane, so that sources and targets of a tap without a
 * shift have equal positions.
 */
final class Band<A> {
  /** How many elements are folded at a time, so that they stay in the L1 cache. */
  private static final int CHUNK = 2048;

  private final Stencils stencils;
  private final Stencil d;
  private final Stencil h;
  private final Stencil w;
  private final int lanes;
  private final Slabs slabs;
  private final Numbers<A> numbers;
  private final Fold fold;
  private final Powers powers;
  private final boolean forward;
  private final DivisorRows<A> divisors; // of sums, else null

  // A row of sources in scratch memory, and which cells it has: the others are padding.
  private final int rowSize;
  private final int margin;
  private final int firstCell;
  private final int cells;

  private final List<List<A>> sources; // by phase of depth and height
  private final List<List<A>> foldedH;
  private final List<List<A>> foldedD;
  private final List<A> split; // by phase of width
  private final List<A> foldedW;
  private final A shifted;
  private final A row;
  private final A old;

  Band(RowsPass<A> pass, Numbers<A> numbers) {
    this.numbers = numbers;
    stencils = pass.stencils();
    d = stencils.d();
    h = stencils.h();
    w = stencils.w();
    slabs = pass.slabs();
    lanes = slabs.lanes();
    fold = pass.fold();
    powers = pass.powers();
    forward = pass.isForward();

    rowSize = stencils.sourceRow();
    int origin = w.source(w.first(), 0, 0);
    firstCell = Math.max(0, origin);
    margin = (firstCell - origin) * lanes;
    cells = Math.max(0, Math.min(w.sources(), origin + rowSize / lanes) - firstCell);

    int firstOutput = forward ? 0 : origin;
    int pitch = forward ? stencils.row() : rowSize;
    divisors =
        fold == Fold.SUM
            ? new DivisorRows<>(pass.problem(), numbers, lanes, firstOutput, pitch, stencils.rows())
            : null;

    int size = stencils.rows() * rowSize;
    int residuesD = d.residues().length;
    sources = arrays(residuesD, h.residues().length, size);
    sources.forEach(s -> s.forEach(each -> numbers.fill(each, 0, size, fold.identity())));
    foldedH = h.isIdentity() ? sources : arrays(residuesD, h.targetPhases(), size);
    foldedD = d.isIdentity() ? foldedH : arrays(d.targetPhases(), h.targetPhases(), size);
    int sizeW = stencils.rows() * stencils.row();
    split = w.sourcePhases() == 1 ? List.of() : arrays(w.residues().length, sizeW);
    foldedW = w.isIdentity() ? split : arrays(w.targetPhases(), sizeW);
    int longest = Math.max(w.targets(), w.sources()) * lanes;
    shifted = numbers.array(Math.max(size, longest));
    row = numbers.array(longest);
    old = pass.problem().accumulate() ? shifted : null;
  }

  private List<A> arrays(int count, int size) {
    List<A> arrays = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      arrays.add(numbers.array(size));
    }
    return arrays;
  }

  private List<List<A>> arrays(int outer, int count, int size) {
    List<List<A>> all = new ArrayList<>(outer);
    for (int i = 0; i < outer; i++) {
      all.add(arrays(count, size));
    }
    return all;
  }

  void run(HeapStorage from, HeapStorage to, int slab, int firstD, int firstH) {
    load(from, slab, firstD, firstH);
    if (!forward && divisors != null) { // sources have one phase
      int countD = stencils.countD();
      int countH = stencils.countH();
      A outputs = sources.get(0).get(0);
      divisors.divide(outputs, 1, d.source(firstD, 0, 0), countD, h.source(firstH, 0, 0), countH);
    }
    if (!powers.arePlain()) {
      int size = stencils.rows() * rowSize;
      sources.forEach(s -> s.forEach(each -> powers.raise(numbers, each, 0, size)));
    }
    if (!h.isIdentity()) {
      for (int phase = 0; phase < sources.size(); phase++) {
        fold(h, sources.get(phase), foldedH.get(phase), stencils.rows() * rowSize, rowSize);
      }
    }
    if (!d.isIdentity()) {
      int inner = stencils.countH() * rowSize;
      for (int phase = 0; phase < h.targetPhases(); phase++) {
        List<A> across = across(foldedH, phase);
        fold(d, across, across(foldedD, phase), stencils.countD() * inner, inner);
      }
    }
    for (int phaseD = 0; phaseD < d.targetPhases(); phaseD++) {
      for (int phaseH = 0; phaseH < h.targetPhases(); phaseH++) {
        List<A> targets = foldWidth(foldedD.get(phaseD).get(phaseH));
        if (forward && divisors != null) { // targets have one phase
          divisors.divide(targets.get(0), 1, firstD, stencils.countD(), firstH, stencils.countH());
          powers.roots(numbers, targets.get(0), 0, stencils.rows() * stencils.row());
          divisors.clearEmpty(
              targets.get(0),
              1,
              firstD,
              stencils.bandD(),
              firstH,
              stencils.bandH(),
              stencils.countH());
        }
        store(targets, to, slab, firstD, phaseD, firstH, phaseH);
      }
    }
  }

  private static <A> List<A> across(List<List<A>> arrays, int phase) {
    List<A> across = new ArrayList<>();
    arrays.forEach(each -> across.add(each.get(phase)));
    return across;
  }

  /** Loads rows in the order of memory, which is fastest. */
  private void load(HeapStorage from, int slab, int firstD, int firstH) {
    int planeSize = d.sources() * h.sources() * w.sources();
    int start = slabs.start(slab, planeSize);
    int countH = stencils.countH();
    for (int i = 0; i < stencils.countD(); i++) {
      for (int phaseD = 0; phaseD < sources.size(); phaseD++) {
        int sd = d.source(firstD, d.residues()[phaseD], i);
        boolean insideD = sd >= 0 && sd < d.sources();
        List<A> phasesH = sources.get(phaseD);
        for (int j = 0; j < countH; j++) {
          int at = (i * countH + j) * rowSize;
          for (int phaseH = 0; phaseH < phasesH.size(); phaseH++) {
            int sh = h.source(firstH, h.residues()[phaseH], j);
            A into = phasesH.get(phaseH);
            if (insideD && sh >= 0 && sh < h.sources()) {
              int cell = (sd * h.sources() + sh) * w.sources() + firstCell;
              int place = start + cell * slabs.pitch();
              slabs.load(numbers, from, planeSize, place, into, at + margin, cells);
            } else {
              numbers.fill(into, at, rowSize, fold.identity());
            }
          }
        }
      }
    }
  }

  private List<A> foldWidth(A from) {
    List<A> phases = List.of(from);
    if (w.sourcePhases() > 1) {
      phases = split;
      int cells = stencils.rows() * stencils.countW();
      for (int i = 0; i < split.size(); i++) {
        int residue = w.residues()[i];
        numbers.gatherCells(from, residue, w.sourcePhases(), split.get(i), cells, lanes);
      }
    }
    if (w.isIdentity()) {
      return phases;
    }
    fold(w, phases, foldedW, stencils.rows() * stencils.row(), lanes);
    return foldedW;
  }

  /**
   * Folds one axis, whose positions are {@code inner} elements apart. Behind the last target of
   * each line the numbers mean nothing.
   */
  private void fold(Stencil stencil, List<A> from, List<A> to, int size, int inner) {
    int end = size - stencil.span() * inner;
    for (int phase = 0; phase < to.size(); phase++) {
      for (int at = 0; at < end; at += CHUNK) {
        int length = Math.min(CHUNK, end - at);
        fold(stencil.taps()[phase], from, to.get(phase), inner, at, length);
      }
    }
  }

  private void fold(Stencil.Tap[] taps, List<A> from, A to, int inner, int at, int length) {
    if (taps.length == 0) {
      numbers.fill(to, at, length, fold.identity());
      return;
    }
    A first = from.get(taps[0].phase());
    int begun = 1;
    if (taps[0].shift() > 0 || taps.length == 1) {
      numbers.copy(first, at + taps[0].shift() * inner, to, at, length);
    } else {
      combine(taps[1], from, to, first, inner, at, length);
      begun = 2;
    }
    for (int i = begun; i < taps.length; i++) {
      combine(taps[i], from, to, to, inner, at, length);
    }
  }

  /** Folds {@code so far} with a tap's sources, which are first brought to their targets' place. */
  private void combine(
      Stencil.Tap tap, List<A> from, A to, A soFar, int inner, int at, int length) {
    A source = from.get(tap.phase());
    if (tap.shift() > 0) {
      numbers.copy(source, at + tap.shift() * inner, shifted, at, length);
      source = shifted;
    }
    numbers.combine(fold, to, soFar, source, at, length);
  }

  private void store(
      List<A> phases, HeapStorage to, int slab, int firstD, int phaseD, int firstH, int phaseH) {
    int planeSize = d.targets() * h.targets() * w.targets();
    int start = slabs.start(slab, planeSize);
    for (int i = 0; i < stencils.bandD(); i++) {
      int td = d.target(firstD + i, phaseD);
      for (int j = 0; j < stencils.bandH(); j++) {
        int th = h.target(firstH + j, phaseH);
        if (td >= 0 && td < d.targets() && th >= 0 && th < h.targets()) {
          int at = (i * stencils.countH() + j) * stencils.row();
          int place = start + (td * h.targets() + th) * w.targets() * slabs.pitch();
          store(phases, at, to, planeSize, place);
        }
      }
    }
  }

  private void store(List<A> phases, int at, HeapStorage to, int planeSize, int place) {
    A from = phases.get(0);
    if (w.targetPhases() > 1) {
      merge(phases, at);
      from = row;
      at = 0;
    }
    if (forward) {
      slabs.store(numbers, from, at, to, planeSize, place, w.targets());
    } else {
      slabs.storeGradient(numbers, from, at, to, planeSize, place, w.targets(), old);
    }
  }

  /** Puts the cells of a row's phases into their order. */
  private void merge(List<A> phases, int at) {
    for (int phase = 0; phase < phases.size(); phase++) {
      int first = w.target(w.first(), phase);
      int from = at;
      if (first < 0) { // the phase begins one later
        first += w.targetPhases();
        from += lanes;
      }
      int count = (w.targets() - first + w.targetPhases() - 1) / w.targetPhases();
      numbers.scatterCells(
          phases.get(phase), from, row, first, w.targetPhases(), Math.max(0, count), lanes);
    }
  }
}
