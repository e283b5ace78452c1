package io.github.clpool.op;

import io.github.clpool.tensor.Require;
import java.util.ArrayList;
import java.util.List;

/** Reads reductions from text. Stateless. */
final class ReductionTexts {
  private ReductionTexts() {}

  static Reduction avg(OperatorText options) {
    Avg avg = Pool.avg();
    if (options.has("countIncludePad")) {
      avg = avg.countIncludePad(options.truth("countIncludePad"));
    }
    if (options.has("divisorOverride")) {
      avg = avg.divisorOverride(options.number("divisorOverride"));
    }
    return avg;
  }

  static Reduction lp(OperatorText options) {
    Require.that(options.has("p"), "p is missing, but lp needs p=1, p=2, ... or p=inf");
    Lp lp = Pool.lp(options.decimal("p"));
    lp = options.flag("mean") ? lp.mean() : lp;
    return options.flag("signed") ? lp.signed() : lp;
  }

  static Reduction gem(OperatorText options) {
    return options.has("eps") ? Pool.gem().eps(options.decimal("eps")) : Pool.gem();
  }

  static Reduction soft(OperatorText options) {
    return options.flag("paperGradient") ? Pool.soft().paperGradient() : Pool.soft();
  }

  static Reduction logSumExp(OperatorText options) {
    LogSumExp exp = Pool.logSumExp();
    exp = options.has("sharpness") ? exp.sharpness(options.decimal("sharpness")) : exp;
    return options.flag("mean") ? exp.mean() : exp;
  }

  static Reduction sample(Variance variance, OperatorText options) {
    return options.flag("sample") ? variance.sample() : variance;
  }

  static Reduction stochastic(OperatorText options) {
    return options.flag("expected") ? Pool.stochastic().expected() : Pool.stochastic();
  }

  static Reduction mix(OperatorText options) {
    Mix mix = Pool.mix();
    List<Mix> mixes = new ArrayList<>();
    if (options.has("a") || options.has("b")) {
      mixes.add(Pool.mix(options.decimal("a"), options.decimal("b")));
    }
    options.ifFlag("add", mix.add(), mixes);
    options.ifFlag("mean", mix.mean(), mixes);
    options.ifFlag("alpha", mix.alpha(), mixes);
    options.ifFlag("gated", mix.gated(), mixes);
    options.ifFlag("random", mix.random(), mixes);
    if (options.has("cat")) {
      mixes.add(mix.cat(options.oneOf("cat", Mixture.Order.values())));
    }
    Require.that(
        mixes.size() == 1,
        "operator '%s' names %d mixtures, but must name one of a= with b=, add, mean, alpha, gated,"
            + " cat=, random",
        options,
        mixes.size());
    return options.flag("countIncludePad") ? mixes.get(0).countIncludePad() : mixes.get(0);
  }
}
