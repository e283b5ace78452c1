package io.github.clpool.cpu;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Computation;
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
  private final Problem problem;
  private final Numbers<A> numbers;
  private final Parallel parallel;
  private final SelectingFormula formula;
  private final Function<Arguments, IntFunction<Footprints>> finder;

  DirectSelectGradient(
      Problem problem, Numbers<A> numbers, SelectingFormula formula, Parallel parallel) {
    this.problem = problem;
    this.numbers = numbers;
    this.parallel = parallel;
    this.formula = formula;
    this.finder = Footprints.finder(problem);
  }

  /** The memory of one thread. */
  private final class Workspace {
    final A outputs;
    final A cells = numbers.array(problem.input().planeSize());
    final A old = problem.accumulate() ? numbers.array(problem.input().planeSize()) : null;
    final A x = formula.readsInput() ? numbers.array(problem.input().planeSize()) : null;
    Footprint footprint;

    Workspace(int sources) {
      outputs = numbers.array(sources);
    }
  }

  @Override
  public void run(Arguments arguments) {
    Planes g = Planes.of(arguments.get(Role.GRAD_OUTPUT));
    Planes dx = Planes.of(arguments.get(Role.GRAD_INPUT));
    Planes x = formula.readsInput() ? Planes.of(arguments.get(Role.INPUT)) : null;
    int[] where = Planes.of(arguments.get(Role.INDICES)).ints();
    IntFunction<Footprints> footprints = finder.apply(arguments);
    int sources = g.shape().planeSize();
    parallel.run(
        dx.count(),
        g.shape().elements() + dx.shape().elements(),
        () -> new Workspace(sources),
        (workspace, plane) -> {
          workspace.footprint = footprints.apply(plane).covers();
          numbers.load(g.storage(), g.start(plane), g.step(), workspace.outputs, 0, sources);
          if (formula.readsInput()) {
            numbers.load(
                x.storage(), x.start(plane), x.step(), workspace.x, 0, x.shape().planeSize());
          }
          scatter(workspace, where, g.start(plane), g.step());
          dx.storeGradient(numbers, plane, workspace.cells, dx.shape().planeSize(), workspace.old);
        });
  }

  /** Adds each output's term to the cell that it selected, if that is one of its region. */
  private void scatter(Workspace workspace, int[] where, int start, int step) {
    Footprint footprint = workspace.footprint;
    Reach d = footprint.d();
    Reach h = footprint.h();
    Reach w = footprint.w();
    A cells = workspace.cells;
    A x = workspace.x;
    int size = footprint.targets();
    numbers.fill(cells, 0, size, 0);
    int output = 0;
    for (int od = 0; od < d.sources(); od++) {
      for (int oh = 0; oh < h.sources(); oh++) {
        for (int ow = 0; ow < w.sources(); ow++, output++) {
          int cell = where[start + output * step];
          if (cell < 0 || cell >= size) {
            continue;
          }
          int row = cell / w.targets();
          if (w.reaches(cell - row * w.targets(), ow)
              && h.reaches(row % h.targets(), oh)
              && d.reaches(row / h.targets(), od)) {
            double g = numbers.get(workspace.outputs, output);
            double term = x == null ? g : g * formula.slope(numbers.get(x, cell));
            numbers.set(cells, cell, numbers.round(numbers.get(cells, cell) + term));
          }
        }
      }
    }
  }
}
