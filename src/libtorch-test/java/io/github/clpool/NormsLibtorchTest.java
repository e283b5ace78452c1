package io.github.clpool;

import io.github.clpool.op.Role;
import io.github.clpool.tensor.Shape;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** P-norms and generalised means against their formulas in PyTorch. */
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"reference", "jvm"})
class NormsLibtorchTest {
  private static final int CASES = 20;

  private final String device;

  NormsLibtorchTest(String device) {
    this.device = device;
  }

  @Test
  void norms() {
    for (double p : new double[] {1, 2, 3, 0.5, 1.5, 4}) {
      LibtorchFormula.check(
          device,
          CASES / 2,
          (each, random) -> {
            boolean mean = random.nextBoolean();
            return each.formula(
                "lp p=" + p + (mean ? " mean" : ""),
                in -> {
                  Tensor powers = in.get(Role.INPUT).abs().pow(new Scalar(p));
                  Tensor sums = mean ? each.avg(powers, false) : each.sum(powers);
                  return sums.pow(new Scalar(1 / p));
                });
          });
    }
  }

  @Test
  void infiniteNorm() {
    LibtorchFormula.check(
        device,
        CASES,
        (each, random) -> each.formula("lp p=inf", in -> each.max(in.get(Role.INPUT).abs())));
  }

  /** PyTorch's own norms take no magnitudes: a root of a negative sum is not a number. */
  @Test
  void signedNorms() {
    for (double p : new double[] {1, 2, 3, 1.5}) {
      LibtorchFormula.check(
          device,
          CASES / 2,
          (padded, random) -> {
            RandomWindow each = padded.unpadded();
            LibtorchFormula formula =
                each.formula("lp signed p=" + p, in -> each.norm(in.get(Role.INPUT), p));
            return p == 1 || p == 2 ? formula : formula.between(0.1, 2, Role.INPUT);
          });
    }
  }

  @Test
  void gem() {
    LibtorchFormula.check(
        device,
        CASES,
        (each, random) -> {
          long exponents = random.nextBoolean() ? 1 : each.channels();
          return each.formula(
                  "gem eps=0.3",
                  in -> {
                    Tensor p = in.get(Role.WEIGHTS).view(1, exponents, 1, 1);
                    Tensor powers = in.get(Role.INPUT).clamp_min(new Scalar(0.3)).pow(p);
                    return each.avg(powers, false).pow(p.reciprocal());
                  })
              .with(Role.WEIGHTS, Shape.array(exponents))
              .between(0.5, 5, Role.WEIGHTS);
        });
  }
}
