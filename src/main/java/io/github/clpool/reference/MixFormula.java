package io.github.clpool.reference;

import io.github.clpool.op.Mix;
import io.github.clpool.op.Mixture;
import io.github.clpool.op.Problem;
import java.util.Map;
import java.util.function.Function;

/** Maximum and average mixed, plane by plane. docs/semantics.md, section 5. */
abstract class MixFormula implements Formula {
  /** What makes the formula of a mixture, by its name. */
  private static final Map<String, Function<Problem, MixFormula>> TABLE =
      Map.of(
          "weighted", MixWeighted::new,
          "alpha", MixAlpha::new,
          "gated", MixGated::new,
          "cat", MixCat::new,
          "random", MixRandom::new);

  private final Divisors divisors;

  MixFormula(Problem problem) {
    divisors = Divisors.of(problem);
  }

  static Formula of(Problem problem) {
    return TABLE.get(mixture(problem).name()).apply(problem);
  }

  static Mixture mixture(Problem problem) {
    return ((Mix) problem.pool().reduction()).mixture();
  }

  abstract void forward(MixPlane plane);

  abstract void backward(MixPlane plane);

  @Override
  public final void forward(Plane plane) {
    forward(new MixPlane(plane, divisors));
  }

  @Override
  public final void backward(Plane plane) {
    backward(new MixPlane(plane, divisors));
  }
}
