package io.github.clpool.reference;

import io.github.clpool.exact.Precision;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import java.util.function.IntToDoubleFunction;

/** {@code alpha * max + (1 - alpha) * avg}, and the gradient of alpha. */
final class MixAlpha extends MixFormula {
  MixAlpha(Problem problem) {
    super(problem);
  }

  @Override
  void forward(MixPlane mix) {
    double alpha = mix.plane.weight(0);
    double rest = mix.precision.round(1 - alpha);
    mix.storeMix(output -> alpha, output -> rest);
  }

  @Override
  void backward(MixPlane mix) {
    Precision precision = mix.precision;
    double alpha = mix.plane.weight(0);
    double rest = precision.round(1 - alpha);
    IntToDoubleFunction g = mix.plane.numbers(Role.GRAD_OUTPUT);
    mix.storeGradient(
        output -> precision.round(alpha * g.applyAsDouble(output)),
        output -> precision.round(rest * g.applyAsDouble(output)));
    mix.plane.sumWeightGradient(
        0, (output, region) -> precision.round(g.applyAsDouble(output) * mix.difference(output)));
  }
}
