package io.github.clpool;

import io.github.clpool.op.Role;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Stochastic pooling against its formulas in PyTorch. */
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"reference", "jvm"})
class StochasticLibtorchTest {
  private static final int CASES = 20;

  private final String device;

  StochasticLibtorchTest(String device) {
    this.device = device;
  }

  /** The draws are given, as PyTorch's generator is another. */
  @Test
  void drawn() {
    LibtorchFormula.check(
        device,
        CASES,
        (each, random) ->
            each.formula(
                "stochastic",
                in -> {
                  Tensor cells = each.unfolded(in.get(Role.INPUT));
                  Tensor sums = cells.relu().cumsum(2);
                  Tensor total = sums.select(2, -1).unsqueeze(2);
                  Tensor below = sums.le(each.draws(total.size(3)).mul(total));
                  Tensor drawn = below.sum(2).unsqueeze(2).clamp_max(new Scalar(each.taps() - 1));
                  Tensor y = cells.gather(2, drawn).mul(total.gt(new Scalar(0)));
                  return each.folded(y.squeeze(2));
                }));
  }

  @Test
  void expected() {
    LibtorchFormula.check(
        device,
        CASES,
        (each, random) ->
            each.formula(
                "stochastic expected",
                in -> {
                  Tensor weights = each.unfolded(in.get(Role.INPUT)).relu();
                  Tensor sums = weights.sum(2);
                  Tensor squares = weights.mul(weights).sum(2);
                  return each.folded(squares.div(sums.add(sums.eq(new Scalar(0)))));
                }));
  }
}
