package io.github.clpool.reference;

import io.github.clpool.backend.Arguments;
import io.github.clpool.exact.PlaneSums;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.Shape;
import java.util.stream.IntStream;

/**
 * Learned weights, which all channels share or each has its own of, and the sums that their
 * gradient is made of. docs/semantics.md, section 5.
 *
 * @param problem the call
 * @param values the weights of all channels
 * @param shared whether all channels have the same
 * @param sums what the planes give to the gradient, for each weight of a channel
 */
record Weights(Problem problem, Cells values, boolean shared, PlaneSums[] sums) {
  static Weights of(Problem problem, Arguments arguments) {
    Pool pool = (Pool) problem.operator();
    Shape input = problem.input();
    int ofChannel = (int) pool.reduction().weights(input, pool.regions()).get(0).elements();
    return new Weights(
        problem,
        Cells.array(arguments.get(Role.WEIGHTS)),
        problem.arguments().get(Role.WEIGHTS).elements() == ofChannel,
        IntStream.range(0, ofChannel)
            .mapToObj(
                i ->
                    new PlaneSums(
                        (int) input.n(), (int) input.c(), Cells.precision(problem.type())))
            .toArray(PlaneSums[]::new));
  }

  double get(long channel, int i) {
    return values.get((shared ? 0 : (int) channel * sums.length) + i);
  }

  /** Takes the sum of a plane's outputs for a weight. */
  void put(long n, long channel, int i, double sum) {
    sums[i].set((int) n, (int) channel, sum);
  }

  void storeGradient(Cells gradient) {
    int sets = shared ? 1 : (int) problem.input().c();
    for (int i = 0; i < sums.length; i++) {
      double[] totals = sums[i].total(sets);
      for (int set = 0; set < sets; set++) {
        gradient.setGradient(set * sums.length + i, totals[set], problem.accumulate());
      }
    }
  }
}
