package io.github.clpool.reference;

import io.github.clpool.backend.Arguments;
import io.github.clpool.exact.PlaneSums;
import io.github.clpool.exact.Precision;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.Shape;
import java.util.List;
import java.util.stream.Stream;

/**
 * The learned weights of a call, which all channels share or each has its own of, and what its
 * planes give to their gradient. docs/semantics.md, section 5. Different planes may be put by
 * different threads.
 */
public final class Weights {
  private final Problem problem;
  private final double[] values;
  private final int ofChannel;
  private final PlaneSums[] sums; // for each weight of a channel, if their gradient is asked for

  private Weights(Problem problem, int ofChannel, double... values) {
    this.problem = problem;
    this.values = values;
    this.ofChannel = ofChannel;
    Shape input = problem.input();
    this.sums =
        Stream.generate(
                () -> new PlaneSums((int) input.n(), (int) input.c(), Precision.of(problem.type())))
            .limit(problem.has(Role.GRAD_WEIGHTS) ? ofChannel : 0)
            .toArray(PlaneSums[]::new);
  }

  /**
   * Reads the weights of a call.
   *
   * @param problem a call of a pooling
   * @param arguments its values
   * @return the weights, none if the reduction has none
   */
  public static Weights of(Problem problem, Arguments arguments) {
    Pool pool = problem.pool();
    List<Shape> shapes = pool.reduction().weights(problem.input(), pool.regions());
    return shapes.isEmpty()
        ? new Weights(problem, 0)
        : new Weights(
            problem, (int) shapes.get(0).elements(), arguments.get(Role.WEIGHTS).toDoubles());
  }

  private boolean isShared() {
    return values.length == ofChannel;
  }

  /**
   * One weight.
   *
   * @param channel the channel
   * @param i which of the channel's weights
   * @return the weight
   */
  public double get(int channel, int i) {
    return values[isShared() ? i : channel * ofChannel + i];
  }

  /**
   * Takes the sum of a plane's outputs for a weight, in a call that asks for the gradient.
   *
   * @param n the plane's batch position
   * @param channel its channel
   * @param i which of the channel's weights
   * @param sum the sum
   */
  public void put(int n, int channel, int i, double sum) {
    sums[i].set(n, channel, sum);
  }

  /**
   * Stores the gradient of all weights, or adds it, if the call asks for it.
   *
   * @param arguments the call's values
   */
  public void storeGradient(Arguments arguments) {
    if (!problem.has(Role.GRAD_WEIGHTS)) {
      return;
    }
    Cells gradient = Cells.array(arguments.get(Role.GRAD_WEIGHTS));
    int sets = isShared() ? 1 : (int) problem.input().c();
    for (int i = 0; i < sums.length; i++) {
      double[] totals = sums[i].total(sets);
      for (int set = 0; set < sets; set++) {
        gradient.setGradient(set * ofChannel + i, totals[set], problem.accumulate());
      }
    }
  }
}
