package io.github.clpool.opencl;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pooling;
import io.github.clpool.backend.Preference;
import io.github.clpool.opencl.device.SelfTest;
import io.github.clpool.opencl.implementations.OpenClImplementations;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.runtime.OpenClBackend;
import io.github.clpool.parity.Case;
import io.github.clpool.parity.Outcome;
import io.github.clpool.parity.Parity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tiles of all sizes, on small inputs: a GPU that any number of work-items keeps busy is given the
 * largest.
 */
class TilesTest {
  private OpenClBackend backend;
  private Pooling pooling;
  private Pooling reference;

  @BeforeEach
  void open() {
    backend =
        new OpenClBackend(
            TestDevice.context(),
            OpenClImplementations::of,
            (context, programs, memory, transfers) ->
                withoutUnits(SelfTest.profile(context, programs, memory, transfers)));
    pooling = Pooling.over(backend);
    reference = Pooling.open(DevicePolicy.REFERENCE);
  }

  @AfterEach
  void close() {
    if (pooling != null) {
      pooling.close();
      reference.close();
    }
  }

  private static DeviceProfile withoutUnits(DeviceProfile of) {
    return new DeviceProfile(
        of.platform(),
        of.name(),
        DeviceProfile.Kind.GPU, // processors get other tiles
        0,
        of.maxWorkGroup(),
        of.localMemory(),
        of.memory(),
        of.maxAllocation(),
        of.hasDouble(),
        of.division(),
        of.squareRoot(),
        of.keepsSubnormals(),
        of.exactFma(),
        of.exactSubnormalFma(),
        true, // of all that are tested
        of.loopLimit());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "max window=3 stride=2 padding=1 on 2x3x17x19 data=special",
        "max window=3 stride=2 padding=1 on 2x4x17x19 NHWC indices data=nans",
        "max window=3 stride=1 padding=1 on 1x3x9x11 FLOAT16 indices data=special",
        "min window=2 on 2x2x10x14 BFLOAT16",
        "avg window=3 stride=1 padding=1 on 2x3x13x14 data=wide",
        "avg window=3 stride=1 padding=1 countIncludePad=false on 1x2x7x6 NHWC FLOAT16",
        "avg window=3 stride=1 on 1x2x5x6x7 FLOAT64 backward accumulate",
        "sum window=5 stride=1 padding=2 on 1x2x6x9 backward",
        "lp p=3 window=3 stride=2 on 2x2x11x11 backward",
        "mix alpha window=2 on 2x3x6x8 backward",
        "soft window=3 stride=2 padding=1 on 1x4x12x13 NHWC backward",
        "median window=3 stride=1 padding=1 on 1x2x6x9 indices data=special",
        "stochastic window=3 stride=2 on 2x3x11x11",
        "max window=2x3x3 stride=1x2x2 on 1x2x4x9x9 backward",
        "max window=3 dilation=2 on 2x2x13x12 indices",
        // rows that are loaded and stored by vectors
        "max window=3 stride=2 padding=1 on 2x3x17x24 data=special",
        "max window=3 stride=1 padding=1 on 2x3x9x12 indices data=nans",
        "min window=3 stride=1 padding=1 on 2x3x9x12 indices data=special",
        "max window=3x5 stride=1x2 padding=1x2 on 1x2x6x32 FLOAT16 indices data=special",
        "max window=4x3 stride=2x4 padding=0x1 on 1x2x9x16 FLOAT64",
        "max window=3 stride=2 padding=1 on 1x2x7x16 FLOAT16 data=special",
        "lp p=inf window=3 stride=1 padding=1 on 1x2x5x8 indices data=special",
        "avg window=3 stride=1 padding=1 countIncludePad=false on 2x2x13x16 data=wide",
        "avg window=2x3 stride=2x3 padding=0x1 on 2x2x10x24 FLOAT16 data=wide",
        "sum window=5 stride=1 padding=2 on 1x2x7x12 BFLOAT16",
        "mix alpha window=3 stride=2 padding=1 on 2x3x7x16",
        "mix cat=avg-max window=3 stride=1 padding=1 on 2x3x5x8",
        "soft window=3 stride=2 padding=1 on 1x3x12x16 data=special",
        "log_sum_exp sharpness=0.5 mean window=3 stride=1 padding=1 on 1x3x6x8 data=special",
        "importance window=2 on 1x3x8x12 data=special",
        "importance window=3 stride=2 padding=1 on 1x3x8x16 backward",
        "median window=3 stride=1 padding=1 on 1x2x6x16 data=special",
        "median window=3 stride=1 padding=1 on 1x2x1x8 data=special",
        "median window=2 on 1x2x6x16 indices data=nans",
        "variance window=3 stride=2 padding=1 on 1x2x7x24 FLOAT16",
        "std window=3 stride=2 padding=1 on 1x2x7x24 backward",
        "stochastic window=2 on 2x3x8x16 FLOAT16 data=special",
        "stochastic expected window=3 stride=1 padding=1 on 1x3x6x8",
        "gem window=3 stride=2 padding=1 on 1x3x6x8 backward",
        "max window=2x3x3 stride=1x2x2 padding=0x1x1 on 1x2x4x9x8",
        "avg window=3 stride=1 on 2x2x9x12",
        "max window=3 stride=1 dilation=1x3 padding=1 on 1x2x9x16",
        "max window=3 stride=1 padding=1 on 2x3x44 indices data=special",
        "max window=2 on 2x3x6x16 backward",
        "max window=3 stride=2 padding=1 on 2x3x9x16 backward accumulate data=special",
        "min window=3 stride=2 padding=1 on 2x3x9x32 FLOAT16 backward",
        "max window=3 stride=1 padding=1 on 1x3x7x16 backward",
        "lp p=inf window=3 stride=1 padding=1 on 1x3x7x8 backward data=special",
        "median window=3 stride=1x3 padding=1x0 on 1x3x7x24 backward",
        "max window=2x5x5 stride=1x2x2 padding=0x2x2 on 1x2x4x6x8 FLOAT64 backward",
        "max window=1x2 stride=2x4 on 1x2x6x32 backward",
        "avg window=2 on 2x3x6x16 BFLOAT16 backward",
        "avg window=3 stride=1 padding=1 on 2x3x9x12 backward accumulate",
        "avg window=3x5 stride=2x4 padding=1x2 on 2x3x9x32 FLOAT16 backward accumulate",
        "soft window=3 stride=2 padding=1 on 1x3x6x16 backward data=special",
        "importance window=2 on 1x3x4x16 backward accumulate",
        "mix mean window=3 stride=2 padding=1 on 1x3x6x16 backward",
        "gem window=3 stride=1 padding=1 on 1x2x4x8 backward",
        "max window=3 stride=1 padding=1 on 2x3x44 backward",
        // neighbouring channels
        "max window=3 stride=1 padding=1 on 1x6x5x9 NHWC FLOAT16 data=special",
        "max window=2 on 2x8x4x6 NHWC data=special",
        "mix random window=2 on 2x4x4x6 NHWC",
        "stochastic window=2 on 2x4x5x8 NHWC indices data=special",
        "max window=3 stride=2 padding=1 on 2x8x7x9 NHWC backward accumulate data=special",
        "avg window=3 stride=2 padding=1 countIncludePad=false on 2x4x7x9 NHWC backward accumulate",
        // lines
        "max window=3 stride=1 padding=1 on 2x3x41 indices data=special",
        "max window=4 stride=2 padding=1 on 2x3x41 data=nans",
        "avg window=3 stride=1 padding=1 on 2x3x38 NHWC backward",
        "avg window=3 stride=2 on 2x3x5 FLOAT16 backward",
        "max window=3 stride=1 padding=1 on 2x3x43 backward",
        "soft window=2 stride=1 on 2x3x9 backward",
        "log_sum_exp window=3 stride=4 on 2x3x30 backward",
        // whole planes
        "avg global on 2x8x7x7 NHWC",
        "max global on 2x8x5x3x4 NHWC indices data=special",
      })
  void largeTilesHaveTheBitsOfTheReference(String text) {
    check(text, "tile");
  }

  /** Small windows, too, so that rows of several are next to rows of one. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "variance window=9 stride=1 padding=4 on 2x3x17x11 data=special",
        "variance window=13 stride=1 padding=6 on 1x2x13x13 backward",
        "std window=11x9 stride=4x3 padding=5x4 on 1x2x19x20 FLOAT16 data=wide",
        "variance window=3x5x5 stride=1 padding=1x2x2 on 1x2x4x7x6 FLOAT64 backward",
        "soft window=7x9 stride=2x3 padding=3x4 on 1x3x13x15 data=special",
        "soft window=7 stride=2 padding=3 on 1x3x13x14 backward data=special",
        "soft window=6 stride=1 on 1x3x9x8 NHWC BFLOAT16",
        "log_sum_exp sharpness=0.5 mean window=7 stride=1 padding=3 on 1x2x9x10 data=special",
        "log_sum_exp window=6x5 stride=1 on 1x3x11x8 NHWC backward data=special",
        "importance window=7 stride=2x1 padding=3 on 1x3x11x9 data=special",
        "importance window=6 stride=1 padding=2 on 1x2x8x9 NHWC backward",
        "stochastic expected window=7 stride=1 padding=3 on 1x3x10x9 data=special",
        "median window=9 stride=1 padding=4 on 1x2x11x10 data=nans",
        "median window=9 stride=1x2 padding=4 on 1x3x7x10 NHWC indices data=special",
        "variance window=3 stride=1 padding=1 on 1x2x9x7 data=nans",
        "soft window=5 stride=2x1 padding=1 on 2x2x9x7 data=nans",
        "log_sum_exp window=4 stride=1 padding=2 on 1x3x5x6 FLOAT64 backward",
        "importance window=1x9 stride=1 padding=0x4 on 1x2x4x9 FLOAT16",
        "median window=9x1 stride=1 padding=4x0 on 1x2x9x4 UINT8",
        "std sample window=3x3x3 stride=1 padding=1 on 1x2x4x5x3 data=special",
      })
  void highColumnsHaveTheBitsOfTheReference(String text) {
    check(text, "column");
  }

  private void check(String text, String implementation) {
    Case call = Case.parse(text);
    if (backend.refusal(call.type()).isEmpty()) {
      Outcome outcome =
          Parity.check(call, reference, pooling, Preference.implementation(implementation));
      assertTrue(outcome.matches(), outcome::toString);
    }
  }
}
