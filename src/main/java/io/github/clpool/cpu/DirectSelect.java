package io.github.clpool.cpu;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Computation;
import io.github.clpool.exact.Maximum;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Reduction;
import io.github.clpool.op.Role;

/**
 * Maximum, minimum or greatest magnitude, plane by plane, with indices on request.
 * docs/semantics.md, 2.4.
 */
final class DirectSelect<A> implements Computation {
  private final Problem problem;
  private final Numbers<A> numbers;
  private final double sign;
  private final boolean magnitudes;
  private final Parallel parallel;

  DirectSelect(Problem problem, Numbers<A> numbers, Fold fold, Parallel parallel) {
    this.problem = problem;
    this.numbers = numbers;
    this.sign = fold == Fold.MIN ? -1 : 1;
    this.magnitudes = ofMagnitudes(problem);
    this.parallel = parallel;
  }

  /** Whether magnitudes are selected: the p-norm with p = infinity. */
  static boolean ofMagnitudes(Problem problem) {
    return ((Pool) problem.operator()).reduction() instanceof Reduction.Lp;
  }

  /** The memory of one thread. */
  private final class Workspace {
    final A cells = numbers.array(problem.input().planeSize());
    final A outputs;
    final int[] indices;
    Footprint footprint;

    Workspace(int targets) {
      outputs = numbers.array(targets);
      indices = new int[targets];
    }
  }

  @Override
  public void run(Arguments arguments) {
    Planes x = Planes.of(arguments.get(Role.INPUT));
    Planes y = Planes.of(arguments.get(Role.OUTPUT));
    int[] where = problem.has(Role.INDICES) ? Planes.of(arguments.get(Role.INDICES)).ints() : null;
    Footprints footprints = Footprints.of(problem, arguments);
    int targets = y.shape().planeSize();
    parallel.run(
        x.count(),
        x.shape().elements() + y.shape().elements(),
        () -> new Workspace(targets),
        (workspace, plane) -> {
          workspace.footprint = footprints.of(plane);
          numbers.load(
              x.storage(), x.start(plane), x.step(), workspace.cells, 0, x.shape().planeSize());
          select(workspace);
          numbers.store(workspace.outputs, 0, y.storage(), y.start(plane), y.step(), targets);
          if (where != null) {
            for (int output = 0; output < targets; output++) {
              where[y.start(plane) + output * y.step()] = workspace.indices[output];
            }
          }
        });
  }

  private void select(Workspace workspace) {
    Footprint footprint = workspace.footprint;
    int output = 0;
    for (int od = 0; od < footprint.d().targets(); od++) {
      for (int oh = 0; oh < footprint.h().targets(); oh++) {
        for (int ow = 0; ow < footprint.w().targets(); ow++) {
          int index = select(workspace, od, oh, ow);
          workspace.indices[output] = index;
          double empty = magnitudes ? 0 : -sign / 0.0;
          double value = index < 0 ? empty : numbers.get(workspace.cells, index);
          numbers.set(workspace.outputs, output++, magnitudes ? Math.abs(value) : value);
        }
      }
    }
  }

  /** The flat index of the cell that wins, or -1 if there is none. */
  private int select(Workspace workspace, int od, int oh, int ow) {
    Footprint footprint = workspace.footprint;
    A cells = workspace.cells;
    Reach d = footprint.d();
    Reach h = footprint.h();
    Reach w = footprint.w();
    double best = 0;
    int index = -1;
    for (int i = d.first()[od]; i < d.end()[od]; i++) {
      for (int j = h.first()[oh]; j < h.end()[oh]; j++) {
        for (int k = w.first()[ow]; k < w.end()[ow]; k++) {
          int cell = footprint.source(d.source(od, i), h.source(oh, j), w.source(ow, k));
          double value = numbers.get(cells, cell);
          value = magnitudes ? Math.abs(value) : sign * value;
          if (index < 0 || Maximum.replaces(value, best)) {
            best = value;
            index = cell;
          }
        }
      }
    }
    return index;
  }
}
