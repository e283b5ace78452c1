package io.github.clpool.cpu;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Computation;
import io.github.clpool.exact.Philox;
import io.github.clpool.op.Problem;
import io.github.clpool.op.RandomKey;
import io.github.clpool.op.Role;

/** Reductions that take one cell of each region, plane by plane, with indices on request. */
abstract class DirectSelect<A> implements Computation {
  final Numbers<A> numbers;
  private final Problem problem;
  private final Parallel parallel;

  DirectSelect(Problem problem, Numbers<A> numbers, Parallel parallel) {
    this.problem = problem;
    this.numbers = numbers;
    this.parallel = parallel;
  }

  /** Whether each output needs a random number. */
  abstract boolean draws();

  /**
   * Selects a cell of an output's region.
   *
   * @param region the cells
   * @param u the output's random number, if it needs one
   * @return the flat index of the cell, or -1 if there is none
   */
  abstract int select(RegionCells region, double u);

  /** What a selected cell makes the output, or none. */
  abstract double output(A cells, int index);

  /** The memory of one thread. */
  private final class Workspace {
    final A cells = numbers.array(problem.input().planeSize());
    final RegionCells region = new RegionCells();
    final A outputs = numbers.array(problem.output().planeSize());
    final int[] indices = new int[problem.output().planeSize()];
    final float[] uniforms = new float[draws() ? problem.output().planeSize() : 0];
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
        Workspace::new,
        (workspace, plane) -> {
          numbers.load(
              x.storage(), x.start(plane), x.step(), workspace.cells, 0, x.shape().planeSize());
          if (draws()) {
            RandomKey key = arguments.key().orElseThrow();
            key.numbers(Philox.Stream.OUTPUTS).uniforms((long) plane * targets, workspace.uniforms);
          }
          select(workspace, footprints.of(plane));
          numbers.store(workspace.outputs, 0, y.storage(), y.start(plane), y.step(), targets);
          if (where != null) {
            for (int output = 0; output < targets; output++) {
              where[y.start(plane) + output * y.step()] = workspace.indices[output];
            }
          }
        });
  }

  private void select(Workspace workspace, Footprint footprint) {
    int output = 0;
    for (int od = 0; od < footprint.d().targets(); od++) {
      for (int oh = 0; oh < footprint.h().targets(); oh++) {
        for (int ow = 0; ow < footprint.w().targets(); ow++) {
          double u = draws() ? workspace.uniforms[output] : 0;
          workspace.region.take(numbers, workspace.cells, footprint, od, oh, ow);
          int index = select(workspace.region, u);
          workspace.indices[output] = index;
          numbers.set(workspace.outputs, output++, output(workspace.cells, index));
        }
      }
    }
  }
}
