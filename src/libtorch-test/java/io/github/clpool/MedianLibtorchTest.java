package io.github.clpool;

import io.github.clpool.op.Role;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** PyTorch's median of the cells of each window. */
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"reference", "jvm"})
class MedianLibtorchTest {
  private static final int CASES = 30;

  private final String device;

  MedianLibtorchTest(String device) {
    this.device = device;
  }

  @Test
  void median() {
    LibtorchFormula.check(
        device,
        CASES,
        (padded, random) -> {
          RandomWindow each = padded.unpadded();
          return each.formula(
              "median",
              in -> each.folded(torch.median(each.unfolded(in.get(Role.INPUT)), 2, false).get0()));
        });
  }

  /** PyTorch's median of what is not NaN. */
  @Test
  void medianBesidePadding() {
    LibtorchFormula.check(
        device,
        CASES,
        (each, random) ->
            each.formula(
                "median",
                in -> {
                  var cells = each.unfolded(in.get(Role.INPUT), Double.NaN);
                  return each.folded(torch.nanmedian(cells, 2, false).get0());
                }));
  }
}
