package io.github.clpool.cpu;

import io.github.clpool.backend.Computation;
import io.github.clpool.backend.Implementation;
import io.github.clpool.op.Mix;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Reduction;
import java.util.List;

/** Takes every problem of the reductions that select no cell. */
record DirectSmoothPool() implements DirectImplementation {
  static List<Implementation<Parallel, Computation>> lp(Operator operator) {
    return ((Pool) operator).hasIndices()
        ? List.of(new DirectPool(Fold.MAX))
        : List.of(new DirectSmoothPool());
  }

  @Override
  public Computation plan(Problem problem, Parallel parallel) {
    Pool pool = (Pool) problem.operator();
    Numbers<?> numbers = Numbers.of(problem.type());
    if (pool.reduction() instanceof Reduction.Importance) {
      return new DirectImportance<>(problem, numbers, parallel);
    } else if (pool.reduction() instanceof Mix mix) {
      return new DirectMix<>(problem, numbers, mix.mixture(), pool.divisor(), parallel);
    }
    Smooth smooth = Smooth.of(pool.reduction(), numbers.precision());
    return new DirectSmooth<>(problem, numbers, smooth, parallel);
  }
}
