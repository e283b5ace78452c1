package io.github.clpool.cpu;

import io.github.clpool.backend.Computation;
import io.github.clpool.backend.Implementation;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
import java.util.List;

/** Takes every problem: each output draws from its region, gradients go to the drawn cells. */
record DirectStochasticPool() implements DirectImplementation {
  static List<Implementation<Parallel, Computation>> of(Operator operator) {
    return ((Pool) operator).hasIndices()
        ? List.of(new DirectStochasticPool())
        : List.of(new DirectSmoothPool());
  }

  @Override
  public Computation plan(Problem problem, Parallel parallel) {
    Numbers<?> numbers = Numbers.of(problem.type());
    return problem.direction() == Direction.FORWARD
        ? new DirectStochastic<>(problem, numbers, parallel)
        : new DirectSelectGradient<>(problem, numbers, parallel);
  }
}
