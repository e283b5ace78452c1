package io.github.clpool;

import io.github.clpool.op.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Averages weighted by the cells or by logits, against their formulas in PyTorch. */
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"reference", "jvm"})
class WeightedLibtorchTest {
  private static final int CASES = 20;

  private final String device;

  WeightedLibtorchTest(String device) {
    this.device = device;
  }

  @Test
  void importance() {
    LibtorchFormula.check(
        device,
        CASES,
        (each, random) ->
            each.formula(
                    "importance", in -> each.weighed(in.get(Role.INPUT), in.get(Role.LOGITS).exp()))
                .with(Role.LOGITS, each.input()));
  }

  @Test
  void soft() {
    LibtorchFormula.check(
        device,
        CASES,
        (each, random) ->
            each.formula("soft", in -> each.weighed(in.get(Role.INPUT), in.get(Role.INPUT).exp())));
  }

  /** The paper's gradient takes the weights for constants. */
  @Test
  void softWithConstantWeights() {
    LibtorchFormula.check(
        device,
        CASES,
        (each, random) ->
            each.formula(
                "soft paperGradient",
                in -> each.weighed(in.get(Role.INPUT), in.get(Role.INPUT).exp().detach())));
  }
}
