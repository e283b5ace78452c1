package io.github.clpool.cpu;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Computation;
import io.github.clpool.graph.CrfSteps;
import io.github.clpool.op.Problem;

/** Pooling of graphs, operation by operation, each on rows in parallel. */
record DirectCrfPool() implements DirectImplementation {
  @Override
  public Computation plan(Problem problem, Parallel parallel) {
    Numbers<?> numbers = Numbers.of(problem.type());
    return arguments -> run(problem, numbers, parallel, arguments);
  }

  private static <A> void run(
      Problem problem, Numbers<A> numbers, Parallel parallel, Arguments arguments) {
    CrfSteps.run(problem, new CrfMatrices<>(problem, numbers, parallel, arguments));
  }
}
