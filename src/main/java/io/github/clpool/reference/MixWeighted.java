package io.github.clpool.reference;

import io.github.clpool.exact.Precision;
import io.github.clpool.op.Mixture;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import java.util.function.IntToDoubleFunction;

/** {@code a * max + b * avg}. */
final class MixWeighted extends MixFormula {
  private final double a;
  private final double b;

  MixWeighted(Problem problem) {
    super(problem);
    Mixture.Weighted shares = (Mixture.Weighted) mixture(problem);
    a = Precision.of(problem.type()).round(shares.a());
    b = Precision.of(problem.type()).round(shares.b());
  }

  @Override
  void forward(MixPlane mix) {
    mix.storeMix(output -> a, output -> b);
  }

  @Override
  void backward(MixPlane mix) {
    IntToDoubleFunction g = mix.plane.numbers(Role.GRAD_OUTPUT);
    mix.storeGradient(
        output -> mix.precision.round(a * g.applyAsDouble(output)),
        output -> mix.precision.round(b * g.applyAsDouble(output)));
  }
}
