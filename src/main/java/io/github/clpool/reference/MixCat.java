package io.github.clpool.reference;

import io.github.clpool.op.Mixture;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import java.util.function.IntToDoubleFunction;

/** Maximum and average as two halves of the channels. */
final class MixCat extends MixFormula {
  private final int channelsBeforeMax;
  private final int channelsBeforeAvg;

  MixCat(Problem problem) {
    super(problem);
    boolean maxFirst = ((Mixture.Cat) mixture(problem)).order() == Mixture.Order.MAX_AVG;
    int channels = (int) problem.input().c();
    channelsBeforeMax = maxFirst ? 0 : channels;
    channelsBeforeAvg = maxFirst ? channels : 0;
  }

  @Override
  void forward(MixPlane mix) {
    mix.store(channelsBeforeMax + mix.plane.c(), mix::max);
    mix.store(channelsBeforeAvg + mix.plane.c(), mix::avg);
  }

  @Override
  void backward(MixPlane mix) {
    int c = mix.plane.c();
    IntToDoubleFunction gOfMax = mix.plane.numbers(Role.GRAD_OUTPUT, channelsBeforeMax + c);
    IntToDoubleFunction gOfAvg = mix.plane.numbers(Role.GRAD_OUTPUT, channelsBeforeAvg + c);
    mix.storeGradient(gOfMax, gOfAvg);
  }
}
