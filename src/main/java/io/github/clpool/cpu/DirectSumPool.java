package io.github.clpool.cpu;

import io.github.clpool.backend.Computation;
import io.github.clpool.op.Problem;

/** Takes every sum and average, as {@link DirectPool} does, but faster: see {@link DirectSum}. */
record DirectSumPool() implements DirectImplementation {
  @Override
  public Computation plan(Problem problem, Parallel parallel) {
    return new DirectSum<>(problem, Numbers.of(problem.type()), parallel);
  }
}
