package io.github.clpool.cpu;

import io.github.clpool.backend.Computation;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;

/** Takes every problem: each output loops over its region, each gradient over its outputs. */
record DirectPool(Fold fold) implements DirectImplementation {
  @Override
  public Computation plan(Problem problem, Parallel parallel) {
    Pool pool = (Pool) problem.operator();
    Geometry geometry = pool.geometry(problem.input());
    Numbers<?> numbers = Numbers.of(problem.type());
    return fold == Fold.SUM
        ? new DirectSum<>(problem, geometry, numbers, pool.divisor(), parallel)
        : problem.direction() == Direction.FORWARD
            ? new DirectGreatest<>(problem, numbers, fold, parallel)
            : new DirectSelectGradient<>(problem, numbers, parallel);
  }
}
