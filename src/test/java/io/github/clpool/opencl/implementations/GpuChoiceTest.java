package io.github.clpool.opencl.implementations;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.clpool.backend.Chooser;
import io.github.clpool.backend.Preference;
import io.github.clpool.op.Problem;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.parity.Case;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a GPU that is not there is given. */
class GpuChoiceTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "max window=2 on 8x64x112x112                              | tile",
        "max window=3 stride=2 padding=1 on 8x64x112x112           | tile",
        "max window=3 stride=1 padding=1 on 8x64x112x112 indices   | tile",
        "avg window=3 stride=1 padding=1 on 8x64x112x112 NHWC      | tile",
        "soft window=2 on 8x64x112x112 FLOAT16                     | tile",
        "median window=5 stride=1 padding=2 on 1x3x300x400         | tile",
        "max window=3 on 2x4x33x33x33                              | tile",
        "max window=3 stride=2 padding=1 on 8x64x112x112 backward  | tile",
        "avg window=3 stride=1 padding=1 on 8x64x112x112 backward  | tile",
        "max window=13 stride=1 padding=6 on 8x512x13x13           | separable",
        "avg window=13 stride=1 padding=6 on 8x512x13x13           | separable",
        "avg window=13 stride=1 padding=6 on 8x512x13x13 backward  | separable",
        "max window=13 stride=1 padding=6 on 8x512x13x13 NHWC      | direct",
        "max window=13 stride=1 padding=6 on 8x512x13x13 backward  | direct",
        "lp p=3 window=7 stride=1 on 8x64x56x56 backward           | separable",
        "soft window=7 stride=1 on 8x64x56x56                      | direct",
        "max global on 64x2048x7x7                                 | group",
        "soft global on 32x256x56x56                               | group",
        "avg adaptive=7 on 8x64x112x112                            | group",
        "avg global on 64x2048x7x7 NHWC                            | tile",
        "avg global on 64x2048x7x7 backward                        | direct",
        "max fractional=2 outputSize=50 on 8x64x112x112            | direct",
        "stochastic global on 8x64x56x56                           | direct",
      })
  void theImplementationIsTheOneThatSuits(String call, String implementation) {
    Problem problem = Case.parse(call).problem();
    DeviceProfile gpu = DeviceProfile.genericGpu();
    assertEquals(
        implementation,
        new Chooser<>(gpu, OpenClImplementations.of(problem.operator(), gpu.kind()))
            .choose(problem, Preference.NONE)
            .name());
  }
}
