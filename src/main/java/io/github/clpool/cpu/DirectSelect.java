package io.github.clpool.cpu;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Computation;
import io.github.clpool.exact.Philox;
import io.github.clpool.op.Problem;
import io.github.clpool.op.RandomKey;
import io.github.clpool.op.Role;
import io.github.clpool.reference.RegionCells;
import io.github.clpool.reference.SelectingFormula;
import java.util.function.Function;
import java.util.function.IntFunction;

/** Reductions that take one cell of each region, plane by plane, with indices on request. */
final class DirectSelect<A> implements Computation {
  private final Problem problem;
  private final Numbers<A> numbers;
  private final SelectingFormula formula;
  private final Parallel parallel;
  private final Function<Arguments, IntFunction<Footprints>> finder;

  DirectSelect(Problem problem, Numbers<A> numbers, SelectingFormula formula, Parallel parallel) {
    this.problem = problem;
    this.numbers = numbers;
    this.formula = formula;
    this.parallel = parallel;
    this.finder = Footprints.finder(problem);
  }

  /** The memory of one thread. */
  private final class Workspace {
    final A cells = numbers.array(problem.input().planeSize());
    final RegionCells region = new RegionCells();
    int[] regionCells = {};
    double[] regionValues = {};
    final A outputs = numbers.array(problem.output().planeSize());
    final int[] indices = new int[problem.output().planeSize()];
    final float[] uniforms = new float[formula.draws() ? problem.output().planeSize() : 0];
  }

  @Override
  public void run(Arguments arguments) {
    Planes x = Planes.of(arguments.get(Role.INPUT));
    Planes y = Planes.of(arguments.get(Role.OUTPUT));
    int[] where = problem.has(Role.INDICES) ? Planes.of(arguments.get(Role.INDICES)).ints() : null;
    IntFunction<Footprints> footprints = finder.apply(arguments);
    int targets = y.shape().planeSize();
    parallel.run(
        x.count(),
        x.shape().elements() + y.shape().elements(),
        Workspace::new,
        (workspace, plane) -> {
          numbers.load(
              x.storage(), x.start(plane), x.step(), workspace.cells, 0, x.shape().planeSize());
          if (formula.draws()) {
            long each = y.shape().c() * targets;
            RandomKey key = arguments.randomKey();
            Philox draws =
                new Philox(key.seed(), key.call(), Philox.Stream.OUTPUTS, key.skipped(each));
            draws.uniforms((long) plane * targets, workspace.uniforms);
          }
          select(workspace, footprints.apply(plane).regions());
          numbers.store(workspace.outputs, 0, y.storage(), y.start(plane), y.step(), targets);
          if (where != null) {
            for (int output = 0; output < targets; output++) {
              where[y.start(plane) + output * y.step()] = workspace.indices[output];
            }
          }
        });
  }

  private void select(Workspace workspace, Footprint footprint) {
    boolean draws = formula.draws();
    int output = 0;
    for (int od = 0; od < footprint.d().targets(); od++) {
      for (int oh = 0; oh < footprint.h().targets(); oh++) {
        for (int ow = 0; ow < footprint.w().targets(); ow++) {
          double u = draws ? workspace.uniforms[output] : 0;
          take(workspace, footprint, od, oh, ow);
          int cell = formula.select(workspace.region, u);
          workspace.indices[output] = cell;
          double y =
              cell == SelectingFormula.NONE
                  ? formula.outputOfNone()
                  : formula.output(numbers.get(workspace.cells, cell));
          numbers.set(workspace.outputs, output++, y);
        }
      }
    }
  }

  /** Takes the cells of an output's region. */
  private void take(Workspace workspace, Footprint footprint, int od, int oh, int ow) {
    Reach d = footprint.d();
    Reach h = footprint.h();
    Reach w = footprint.w();
    int most = d.draws(od) * h.draws(oh) * w.draws(ow);
    if (most > workspace.regionCells.length) {
      workspace.regionCells = new int[most];
      workspace.regionValues = new double[most];
    }
    int[] cells = workspace.regionCells;
    double[] values = workspace.regionValues;
    int count = 0;
    for (int i = d.first()[od]; i < d.end()[od]; i++) {
      for (int j = h.first()[oh]; j < h.end()[oh]; j++) {
        int cell = footprint.source(d.source(od, i), h.source(oh, j), w.source(ow, w.first()[ow]));
        for (int k = w.first()[ow]; k < w.end()[ow]; k++, cell += w.step()) {
          cells[count] = cell;
          values[count++] = numbers.get(workspace.cells, cell);
        }
      }
    }
    workspace.region.become(count, cells, values);
  }
}
