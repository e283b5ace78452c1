package io.github.clpool;

import io.github.clpool.op.Role;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** PyTorch's logsumexp over the cells of each window. */
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"reference", "jvm"})
class LogSumExpLibtorchTest {
  private static final int CASES = 10;

  private final String device;

  LogSumExpLibtorchTest(String device) {
    this.device = device;
  }

  @Test
  void logSumExp() {
    for (double r : new double[] {1, 0.5, 3}) {
      for (boolean mean : new boolean[] {false, true}) {
        LibtorchFormula.check(
            device,
            CASES,
            (each, random) ->
                each.formula(
                    "log_sum_exp sharpness=" + r + (mean ? " mean" : ""),
                    in -> {
                      Tensor x = in.get(Role.INPUT);
                      Tensor cells = each.unfolded(x, Double.NEGATIVE_INFINITY);
                      Tensor y = torch.logsumexp(cells.mul(new Scalar(r)), 2);
                      if (mean) {
                        y = y.sub(each.unfolded(torch.ones_like(x)).sum(2).log());
                      }
                      return each.folded(y.div(new Scalar(r)));
                    }));
      }
    }
  }
}
