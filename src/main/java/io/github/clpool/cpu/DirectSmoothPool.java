package io.github.clpool.cpu;

import io.github.clpool.backend.Computation;
import io.github.clpool.op.Divisor;
import io.github.clpool.op.Mix;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Reduction;

/** Takes every problem of the reductions that select no cell. */
record DirectSmoothPool() implements DirectImplementation {
  @Override
  public Computation plan(Problem problem, Parallel parallel) {
    Pool pool = (Pool) problem.operator();
    Numbers<?> numbers = Numbers.of(problem.type());
    if (pool.reduction() instanceof Reduction.Importance) {
      return new DirectImportance<>(problem, numbers, parallel);
    } else if (pool.reduction() instanceof Mix mix) {
      Divisor divisor = Divisor.counting(mix.countsPadding(), pool.regions());
      return new DirectMix<>(problem, numbers, mix.mixture(), divisor, parallel);
    }
    Smooth smooth = Smooth.of(pool.reduction(), numbers.precision());
    return new DirectSmooth<>(problem, numbers, smooth, parallel);
  }
}
