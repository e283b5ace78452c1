package io.github.clpool;

import io.github.clpool.op.Role;
import io.github.clpool.tensor.Shape;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Mixes of maximum and average against their formulas in PyTorch. */
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"reference", "jvm"})
class MixLibtorchTest {
  private static final int CASES = 20;

  private final String device;

  MixLibtorchTest(String device) {
    this.device = device;
  }

  @Test
  void fixedShares() {
    LibtorchFormula.check(
        device,
        CASES,
        (each, random) -> {
          boolean counts = random.nextBoolean();
          return each.formula(
              "mix a=0.3 b=-1.7" + (counts ? " countIncludePad" : ""),
              in -> {
                Tensor max = each.max(in.get(Role.INPUT)).mul(new Scalar(0.3));
                return max.add(each.avg(in.get(Role.INPUT), counts).mul(new Scalar(-1.7)));
              });
        });
  }

  @Test
  void cat() {
    LibtorchFormula.check(
        device,
        CASES,
        (each, random) -> {
          boolean maxFirst = random.nextBoolean();
          return each.formula(
              "mix cat=" + (maxFirst ? "max-avg" : "avg-max"),
              in -> {
                Tensor max = each.max(in.get(Role.INPUT));
                Tensor avg = each.avg(in.get(Role.INPUT), false);
                return torch.cat(
                    maxFirst ? new TensorVector(max, avg) : new TensorVector(avg, max), 1);
              });
        });
  }

  @Test
  void alpha() {
    LibtorchFormula.check(
        device,
        CASES,
        (each, random) -> {
          long alphas = random.nextBoolean() ? 1 : each.channels();
          return each.formula(
                  "mix alpha",
                  in -> each.mixed(in.get(Role.INPUT), in.get(Role.WEIGHTS).view(1, alphas, 1, 1)))
              .with(Role.WEIGHTS, Shape.array(alphas));
        });
  }

  @Test
  void gated() {
    LibtorchFormula.check(
        device,
        CASES,
        (each, random) -> {
          boolean perChannel = random.nextBoolean();
          return each.formula(
                  "mix gated",
                  in -> {
                    Tensor x = in.get(Role.INPUT);
                    Tensor gate = each.convolved(x, in.get(Role.WEIGHTS), perChannel);
                    return each.mixed(x, gate.sigmoid());
                  })
              .with(Role.WEIGHTS, each.filters(perChannel));
        });
  }
}
