package io.github.clpool.cpu;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Computation;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Problem;
import io.github.clpool.reference.Formula;
import io.github.clpool.reference.Weights;

/** Takes every reduction that selects no cell: its formula for each plane, planes in parallel. */
record DirectPool() implements DirectImplementation {
  @Override
  public Computation plan(Problem problem, Parallel parallel) {
    Formula formula = Formula.of(problem);
    Numbers<?> numbers = Numbers.of(problem.type());
    return arguments -> run(problem, formula, numbers, parallel, arguments);
  }

  private static <A> void run(
      Problem problem,
      Formula formula,
      Numbers<A> numbers,
      Parallel parallel,
      Arguments arguments) {
    boolean forward = problem.direction() == Direction.FORWARD;
    Weights weights = Weights.of(problem, arguments);
    Footprints regions = Footprints.of(problem, Direction.FORWARD, arguments);
    Footprints covers = forward ? null : Footprints.of(problem, Direction.BACKWARD, arguments);
    parallel.run(
        (int) problem.input().planeCount(),
        problem.input().elements() + problem.output().elements(),
        () -> new DirectPlane<>(problem, arguments, numbers, weights, regions, covers),
        (plane, number) -> {
          plane.goTo(number);
          formula.run(plane);
        });
    weights.storeGradient(arguments);
  }
}
