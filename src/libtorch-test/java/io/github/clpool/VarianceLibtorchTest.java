package io.github.clpool;

import io.github.clpool.op.Role;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** PyTorch's variances and standard deviations of the cells of each window. */
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"reference", "jvm"})
class VarianceLibtorchTest {
  private static final int CASES = 30;
  private static final long[] TAPS = {2};

  private final String device;

  VarianceLibtorchTest(String device) {
    this.device = device;
  }

  /** PyTorch's reduction of the cells along an axis; the correction is 1 for a sample. */
  private interface Reduction {
    Tensor of(Tensor cells, ScalarOptional correction);
  }

  private void check(String word, Reduction reduction) {
    LibtorchFormula.check(
        device,
        CASES,
        (padded, random) -> {
          RandomWindow each = padded.unpadded();
          boolean sample = random.nextBoolean() && each.taps() > 1;
          return each.formula(
              word + (sample ? " sample" : ""),
              in -> {
                ScalarOptional correction = new ScalarOptional(new Scalar(sample ? 1 : 0));
                Tensor cells = each.unfolded(in.get(Role.INPUT));
                return each.folded(reduction.of(cells, correction));
              });
        });
  }

  @Test
  void variance() {
    check("variance", (cells, correction) -> torch.var(cells, TAPS, correction, false));
  }

  @Test
  void standardDeviation() {
    check("std", (cells, correction) -> torch.std(cells, TAPS, correction, false));
  }
}
