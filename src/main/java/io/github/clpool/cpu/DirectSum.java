package io.github.clpool.cpu;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Computation;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Divisor;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;

/**
 * Sums and averages plane by plane: outputs over their cells, or the gradients of cells over the
 * outputs that they feed. docs/semantics.md, 2.2 and 5.
 */
final class DirectSum<A> implements Computation {
  private final Problem problem;
  private final Geometry geometry;
  private final Numbers<A> numbers;
  private final Divisor divisor;
  private final Parallel parallel;
  private final boolean forward;

  DirectSum(Problem problem, Numbers<A> numbers, Parallel parallel) {
    this.problem = problem;
    this.geometry = problem.pool().geometry(problem.input());
    this.numbers = numbers;
    this.divisor = problem.pool().divisor();
    this.parallel = parallel;
    this.forward = problem.direction() == Direction.FORWARD;
  }

  /** The memory of one thread. */
  private final class Workspace {
    final A sources;
    final A targets;
    final A old;
    final Gather gather = new Gather(numbers);

    Workspace(Planes from, Planes to) {
      sources = numbers.array(from.shape().planeSize());
      targets = numbers.array(to.shape().planeSize());
      old = problem.accumulate() ? numbers.array(to.shape().planeSize()) : null;
    }
  }

  @Override
  public void run(Arguments arguments) {
    Planes from = Planes.of(arguments.get(forward ? Role.INPUT : Role.GRAD_OUTPUT));
    Planes to = Planes.of(arguments.get(forward ? Role.OUTPUT : Role.GRAD_INPUT));
    Footprints footprints = Footprints.of(problem, arguments);
    parallel.run(
        from.count(),
        from.shape().elements() + to.shape().elements(),
        () -> new Workspace(from, to),
        (workspace, plane) -> {
          workspace.gather.over(footprints.of(plane));
          A targets = workspace.targets;
          int count = to.shape().planeSize();
          numbers.load(
              from.storage(),
              from.start(plane),
              from.step(),
              workspace.sources,
              0,
              from.shape().planeSize());
          if (!forward) {
            divide(workspace.sources);
          }
          sum(workspace);
          if (forward) {
            divide(targets);
            numbers.store(targets, 0, to.storage(), to.start(plane), to.step(), count);
          } else {
            to.storeGradient(numbers, plane, targets, count, workspace.old);
          }
        });
  }

  private void sum(Workspace workspace) {
    Gather gather = workspace.gather;
    gather.forEachTarget(
        target -> {
          double sum =
              gather.isEmpty() ? 0 : gather.sum(source -> numbers.get(workspace.sources, source));
          numbers.set(workspace.targets, target, sum);
        });
  }

  /** Divides a plane of outputs, or of their gradients; empty regions have nothing to divide. */
  private void divide(A outputs) {
    if (divisor.kind() == Divisor.Kind.NONE) {
      return;
    }
    int output = 0;
    for (int od = 0; od < geometry.d().outputSize(); od++) {
      for (int oh = 0; oh < geometry.h().outputSize(); oh++) {
        for (int ow = 0; ow < geometry.w().outputSize(); ow++, output++) {
          if (geometry.cells(od, oh, ow) > 0) {
            double cells = numbers.round(divisor.of(geometry, od, oh, ow));
            numbers.set(outputs, output, numbers.get(outputs, output) / cells);
          }
        }
      }
    }
  }
}
