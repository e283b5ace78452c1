package io.github.clpool.reference;

import io.github.clpool.exact.Philox;
import io.github.clpool.op.Problem;
import io.github.clpool.op.RandomKey;
import io.github.clpool.op.Role;
import java.util.function.IntToDoubleFunction;

/** The maximum in some planes, the average in the others. docs/semantics.md, sections 3 and 5. */
final class MixRandom extends MixFormula {
  MixRandom(Problem problem) {
    super(problem);
  }

  @Override
  void forward(MixPlane mix) {
    long each = mix.plane.problem().input().c();
    RandomKey key = mix.plane.arguments().randomKey();
    Philox draws = new Philox(key.seed(), key.call(), Philox.Stream.PLANES, key.skipped(each));
    boolean max = draws.uniform(mix.plane.number()) < 0.5;
    mix.store(mix.plane.c(), max ? mix::max : mix::avg);
    mix.plane.storeOfPlane(Role.CHOICE, max ? 1 : 0);
  }

  @Override
  void backward(MixPlane mix) {
    IntToDoubleFunction g = mix.plane.numbers(Role.GRAD_OUTPUT);
    boolean max = mix.plane.ofPlane(Role.CHOICE) != 0;
    mix.plane.storeGradient(Role.GRAD_INPUT, max ? mix.maxGradient(g) : mix.avgGradient(g));
  }
}
