package io.github.clpool.reference;

import io.github.clpool.backend.Arguments;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Divisor;
import io.github.clpool.op.Mix;
import io.github.clpool.op.Mixture;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Places;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import java.util.Map;
import java.util.function.BiFunction;

/** Maximum and average mixed, plane by plane. docs/semantics.md, section 5. */
interface ReferenceMix extends ReferencePool {
  /** For each mixture what computes it, by its name. */
  Map<String, BiFunction<Mixture, Divisor, ReferenceMix>> MIXTURES =
      Map.of(
          "weighted", (mixture, by) -> new ReferenceMixWeighted((Mixture.Weighted) mixture, by),
          "alpha", (mixture, by) -> new ReferenceMixAlpha(by),
          "gated", (mixture, by) -> new ReferenceMixGated(by),
          "cat", (mixture, by) -> new ReferenceMixCat(((Mixture.Cat) mixture).order(), by),
          "random", (mixture, by) -> new ReferenceMixRandom(by));

  static ReferenceMix of(Operator operator) {
    Pool pool = (Pool) operator;
    Mixture mixture = ((Mix) pool.reduction()).mixture();
    return MIXTURES.get(mixture.name()).apply(mixture, pool.divisor());
  }

  /** What the sums of averages are divided by. */
  Divisor divisor();

  void forward(MixPlane plane);

  void backward(MixPlane plane);

  @Override
  default void run(Problem problem, Places places, Arguments arguments) {
    Weights weights = problem.has(Role.WEIGHTS) ? Weights.of(problem, arguments) : null;
    Cells.forEachPlane(
        problem.input(),
        (n, c) -> {
          MixPlane plane =
              new MixPlane(problem, places.of(n, c), divisor(), arguments, weights, n, c);
          if (problem.direction() == Direction.FORWARD) {
            forward(plane);
          } else {
            backward(plane);
          }
        });
    if (problem.has(Role.GRAD_WEIGHTS)) {
      weights.storeGradient(Cells.array(arguments.get(Role.GRAD_WEIGHTS)));
    }
  }
}
