package io.github.clpool.cpu;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Computation;
import io.github.clpool.backend.HeapStorage;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.reference.SelectingFormula;
import io.github.clpool.tensor.Layout;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * The gradient of reductions that select a cell: each cell sums, in one running sum, what the
 * outputs that selected it received. docs/semantics.md, 5.
 */
final class DirectSelectGradient<A> implements Computation {
  /** What the cells of a slab have at most, channels last: they should stay in the L2 cache. */
  private static final int SLAB_ELEMENTS = 1 << 17;

  /** What the rows of cells that are taken at a time should have. */
  private static final int BAND_ELEMENTS = 1 << 16;

  /** Fewer rows of cells would mostly be selected by outputs that their neighbours have, too. */
  private static final int BAND_REACHES = 2;

  /** Small planes are taken together until they have as many. */
  private static final int PLANES_ELEMENTS = 1 << 13;

  /** What a row has at most before channels are cut. */
  private static final int ROW_ELEMENTS = 1 << 14;

  private final Problem problem;
  private final Numbers<A> numbers;
  private final Parallel parallel;
  private final SelectingFormula formula;
  private final Function<Arguments, IntFunction<Footprints>> finder;
  private final Slabs slabs;
  private final int width;
  private final int height; // with depth
  private final int band; // how many rows of cells are taken at a time
  private final int planes; // how many small planes are
  private final Workspaces<Workspace> workspaces = new Workspaces<>(Workspace::new);

  DirectSelectGradient(
      Problem problem, Numbers<A> numbers, SelectingFormula formula, Parallel parallel) {
    this.problem = problem;
    this.numbers = numbers;
    this.parallel = parallel;
    this.formula = formula;
    this.finder = Footprints.finder(problem);
    boolean drawn = problem.pool().regions().isDrawn();
    Footprint regions =
        drawn ? null : Footprint.of(problem.pool().geometry(problem.input()), Direction.FORWARD);
    boolean inBands = !drawn && SelectedPlaces.isPlain(regions);
    int cells = problem.input().planeSize();
    int larger = Math.max(cells, problem.output().planeSize());
    this.width = problem.input().w();
    this.height = cells / width;
    this.slabs =
        drawn
            ? Slabs.ofSinglePlanes(problem.input(), problem.layout())
            : Slabs.of(
                problem.input(),
                problem.layout(),
                inBands ? width : cells,
                inBands ? ROW_ELEMENTS : SLAB_ELEMENTS);
    this.band = inBands ? band(regions.h()) : height;
    this.planes =
        inBands && problem.layout() == Layout.NCHW ? Math.max(1, PLANES_ELEMENTS / larger) : 1;
  }

  private int band(Reach h) {
    int rows = Math.max(BAND_REACHES * h.longest(), BAND_ELEMENTS / (width * slabs.lanes()));
    return Math.min(height, rows);
  }

  @Override
  public void run(Arguments arguments) {
    HeapStorage g = HeapStorage.of(arguments, Role.GRAD_OUTPUT);
    HeapStorage dx = HeapStorage.of(arguments, Role.GRAD_INPUT);
    HeapStorage x = formula.readsInput() ? HeapStorage.of(arguments, Role.INPUT) : null;
    int[] where = HeapStorage.of(arguments, Role.INDICES).ints();
    IntFunction<Footprints> footprints = finder.apply(arguments);
    int bands = (height - 1) / band + 1;
    int groups = (slabs.count() + planes - 1) / planes;
    parallel.run(
        groups * bands,
        problem.input().elements() + problem.output().elements(),
        workspaces,
        (workspace, item) -> {
          int slab = item / bands * planes;
          Footprint regions = footprints.apply(slab * slabs.lanes()).regions();
          workspace.run(slab, item % bands * band, regions, g, where, x, dx);
        });
  }

  /** The memory of one thread. */
  private final class Workspace {
    private final int lanes = slabs.lanes();
    private final int outputCount = problem.output().planeSize();
    private final int most = planes * band * width * lanes;
    private final A cells = numbers.array(most + 1); // the last takes what no cell gets
    private final A x = formula.readsInput() ? numbers.array(most) : null;
    private final A old = problem.accumulate() ? numbers.array(most) : null;
    private SelectedPlaces selected;
    private A terms; // of the rows of outputs that are located at a time

    void run(
        int slab,
        int firstRow,
        Footprint regions,
        HeapStorage g,
        int[] where,
        HeapStorage from,
        HeapStorage to) {
      if (selected == null || selected.regions != regions) {
        selected = new SelectedPlaces(regions, planes, lanes, problem.pool().regions().isDrawn());
        terms = numbers.array(selected.places().length);
      }
      int rows = Math.min(band, height - firstRow);
      int together = Math.min(planes, slabs.count() - slab);
      int count = together * rows * width;
      int size = height * width;
      int place = slabs.start(slab, size) + firstRow * width * slabs.pitch();
      if (x != null) {
        slabs.load(numbers, from, size, place, x, 0, count);
      }
      numbers.fill(cells, 0, count * lanes + 1, 0);
      scatter(g, where, slabs.start(slab, outputCount), together, firstRow, rows);
      slabs.storeGradient(numbers, cells, 0, to, size, place, count, old);
    }

    /** Adds each output's term to the cell that it selected, if that is one of its region. */
    private void scatter(
        HeapStorage g, int[] where, int start, int together, int firstRow, int rows) {
      int all = together * (outputCount * lanes / selected.row());
      int none = together * rows * width * lanes;
      int[] places = selected.places();
      for (int first = 0; first < all; first += selected.rows()) {
        int count = Math.min(selected.rows(), all - first);
        if (!selected.mayTouch(first, count, firstRow, rows)) {
          continue;
        }
        int size = count * selected.row();
        int place = start + first * (selected.row() / lanes) * slabs.pitch();
        int piece = lanes == slabs.pitch() ? size : lanes;
        for (int at = 0; at < size; at += piece) {
          System.arraycopy(where, place + at / lanes * slabs.pitch(), places, at, piece);
        }
        selected.locate(first, count, firstRow * width, rows * width, none);
        slabs.load(numbers, g, outputCount, place, terms, 0, size / lanes);
        if (x != null) {
          multiply(size, none);
        }
        numbers.addEach(cells, places, terms, 0, size);
      }
    }

    private void multiply(int count, int none) {
      int[] places = selected.places();
      for (int i = 0; i < count; i++) {
        if (places[i] != none) {
          double slope = formula.slope(numbers.get(x, places[i]));
          numbers.set(terms, i, numbers.round(numbers.get(terms, i) * slope));
        }
      }
    }
  }
}
