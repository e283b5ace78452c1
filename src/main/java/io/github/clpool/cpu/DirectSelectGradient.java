package io.github.clpool.cpu;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Computation;
import io.github.clpool.backend.HeapStorage;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.reference.SelectingFormula;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * The gradient of reductions that select a cell: each cell sums, in one running sum, what the
 * outputs that selected it received. docs/semantics.md, 5.
 */
final class DirectSelectGradient<A> implements Computation {
  /** What the cells of a slab have at most, channels last: they should stay in the L2 cache. */
  private static final int SLAB_ELEMENTS = 1 << 17;

  private final Problem problem;
  private final Numbers<A> numbers;
  private final Parallel parallel;
  private final SelectingFormula formula;
  private final Function<Arguments, IntFunction<Footprints>> finder;
  private final Slabs slabs;

  DirectSelectGradient(
      Problem problem, Numbers<A> numbers, SelectingFormula formula, Parallel parallel) {
    this.problem = problem;
    this.numbers = numbers;
    this.parallel = parallel;
    this.formula = formula;
    this.finder = Footprints.finder(problem);
    this.slabs =
        problem.pool().regions().isDrawn()
            ? Slabs.ofSinglePlanes(problem.input(), problem.layout())
            : Slabs.of(
                problem.input(), problem.layout(), problem.input().planeSize(), SLAB_ELEMENTS);
  }

  @Override
  public void run(Arguments arguments) {
    HeapStorage g = storage(arguments, Role.GRAD_OUTPUT);
    HeapStorage dx = storage(arguments, Role.GRAD_INPUT);
    HeapStorage x = formula.readsInput() ? storage(arguments, Role.INPUT) : null;
    int[] where = storage(arguments, Role.INDICES).ints();
    IntFunction<Footprints> footprints = finder.apply(arguments);
    parallel.run(
        slabs.count(),
        problem.input().elements() + problem.output().elements(),
        Workspace::new,
        (workspace, slab) -> {
          Footprint regions = footprints.apply(slab * slabs.lanes()).regions();
          workspace.run(slab, regions, g, where, x, dx);
        });
  }

  private static HeapStorage storage(Arguments arguments, Role role) {
    return (HeapStorage) arguments.get(role).storage();
  }

  /** The memory of one thread. */
  private final class Workspace {
    private final int lanes = slabs.lanes();
    private final int cellCount = problem.input().planeSize();
    private final int outputCount = problem.output().planeSize();
    private final int none = cellCount * lanes; // where terms go that no cell gets
    private final A outputs = numbers.array(outputCount * lanes);
    private final A cells = numbers.array(none + 1);
    private final A x = formula.readsInput() ? numbers.array(none) : null;
    private final A old = problem.accumulate() ? numbers.array(none) : null;
    private int[] places; // of the cells that a row of outputs selected

    // what is the same for each row of outputs, an element for each of its lanes
    private Footprint known;
    private int[] lane;
    private int[] firstColumn;
    private int[] columns;

    void run(
        int slab, Footprint regions, HeapStorage g, int[] where, HeapStorage from, HeapStorage to) {
      slabs.load(numbers, g, outputCount, slabs.start(slab, outputCount), outputs, 0, outputCount);
      if (x != null) {
        slabs.load(numbers, from, cellCount, slabs.start(slab, cellCount), x, 0, cellCount);
      }
      numbers.fill(cells, 0, none + 1, 0);
      scatter(regions, where, slabs.start(slab, outputCount));
      slabs.storeGradient(
          numbers, cells, 0, to, cellCount, slabs.start(slab, cellCount), cellCount, old);
    }

    /** Adds each output's term to the cell that it selected, if that is one of its region. */
    private void scatter(Footprint regions, int[] where, int start) {
      if (regions != known) {
        know(regions);
      }
      int row = places.length;
      int first = 0;
      for (int od = 0; od < regions.d().targets(); od++) {
        for (int oh = 0; oh < regions.h().targets(); oh++, first += row) {
          int from = start + first / lanes * slabs.pitch();
          int piece = lanes == slabs.pitch() ? row : lanes;
          for (int at = 0; at < row; at += piece) {
            System.arraycopy(where, from + at / lanes * slabs.pitch(), places, at, piece);
          }
          locate(regions, od, oh);
          if (x != null) {
            multiply(first, row);
          }
          numbers.addEach(cells, places, outputs, first, row);
        }
      }
    }

    /** Lists what is the same for each row, so that {@link #locate} is one plain loop. */
    private void know(Footprint regions) {
      Reach w = regions.w();
      int row = w.targets() * lanes;
      places = new int[row];
      lane = new int[row];
      firstColumn = new int[row];
      columns = new int[row];
      for (int i = 0; i < row; i++) {
        lane[i] = i % lanes;
        firstColumn[i] = w.firstSource(i / lanes);
        columns[i] = w.span(i / lanes);
      }
      known = regions;
    }

    /** Makes places of the indices that a row of outputs selected. */
    private void locate(Footprint regions, int od, int oh) {
      Reach d = regions.d();
      Reach h = regions.h();
      Reach w = regions.w();
      int width = w.sources();
      int height = h.sources();
      double rowsPerCell = 1.0 / width; // half a cell more keeps quotients away from integers
      double slicesPerRow = 1.0 / height;
      int firstRow = h.firstSource(oh);
      int rows = h.span(oh);
      int firstSlice = d.firstSource(od);
      int slices = d.span(od);
      for (int i = 0; i < places.length; i++) {
        int cell = places[i];
        int row = (int) ((cell + 0.5) * rowsPerCell);
        int slice = d.sources() == 1 ? 0 : (int) ((row + 0.5) * slicesPerRow);
        boolean inside =
            cell >= 0
                && cell < cellCount
                && w.isOn(cell - row * width - firstColumn[i], columns[i])
                && h.isOn(row - slice * height - firstRow, rows)
                && d.isOn(slice - firstSlice, slices);
        places[i] = inside ? cell * lanes + lane[i] : none;
      }
    }

    private void multiply(int first, int count) {
      for (int i = 0; i < count; i++) {
        if (places[i] != none) {
          double slope = formula.slope(numbers.get(x, places[i]));
          numbers.set(outputs, first + i, numbers.round(numbers.get(outputs, first + i) * slope));
        }
      }
    }
  }
}
