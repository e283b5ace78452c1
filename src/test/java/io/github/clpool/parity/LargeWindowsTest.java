package io.github.clpool.parity;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pooling;
import io.github.clpool.TestDevices;
import io.github.clpool.backend.Preference;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Windows that share rows and columns in local memory, more kinds of them than random cases draw.
 */
class LargeWindowsTest {
  private static final List<String> CALLS =
      List.of(
          "max window=13 stride=1 padding=6 on 2x3x13x13 data=special",
          "max window=13 stride=1 padding=6 on 2x9x13x13 NHWC indices data=special",
          "max window=9x11 stride=1 padding=4x5 on 2x3x33x41 indices data=special",
          "min window=7x8 stride=2x1 padding=2 on 1x2x41x67 indices data=nans",
          "max window=6 stride=1 dilation=3 padding=3 on 1x2x31x49 indices data=integers",
          "max window=2x6x7 stride=1x2x1 padding=1x3x2 on 1x2x5x21x23 FLOAT16 indices data=special",
          "max window=5 stride=1 padding=2 on 1x2x6x9x11 indices data=special",
          "avg window=7x4x3 stride=1 padding=1 on 1x1x9x7x8 backward",
          "min window=7x32 stride=1 padding=3x16 on 1x1x12x35 BFLOAT16 data=nans",
          "avg window=13 stride=1 padding=6 countIncludePad=false on 2x3x13x13 data=special",
          "avg window=7 stride=3 padding=3 on 1x2x40x41 FLOAT64 data=wide",
          "avg window=3x6x7 stride=1 padding=1x3x2 ceilMode on 1x2x4x21x23 BFLOAT16",
          "avg window=6x32 stride=1 divisorOverride=7 on 1x3x10x100 FLOAT16",
          "sum window=6 stride=1 on 1x1x9x10 FLOAT16 accumulate",
          "avg window=7 stride=1 padding=2 on 2x3x19x40 FLOAT16 backward accumulate",
          "avg window=6x7 stride=1 padding=2x3 on 2x5x11x17 NHWC backward accumulate",
          "sum window=2x6x7 stride=1 padding=1x3x2 on 1x2x4x21x23 FLOAT64 backward",
          "lp p=2.5 window=6x7 stride=1 padding=2 on 1x2x17x19 backward",
          "gem window=6 stride=1 on 2x3x12x19 backward",
          "mix a=0.3 b=0.7 window=6 stride=1 on 2x3x12x19 backward data=special",
          "mix random window=6 stride=1 on 2x3x12x19 FLOAT16 seed=5",
          "mix cat=max-avg window=6 stride=1 on 2x3x12x19");

  private static Stream<Arguments> calls() {
    return TestDevices.others().stream()
        .flatMap(device -> CALLS.stream().map(call -> Arguments.of(device, call)));
  }

  @ParameterizedTest
  @MethodSource("calls")
  void largeWindowsHaveTheBitsOfTheReference(String name, String text) {
    Case call = Case.parse(text);
    try (Pooling reference = Pooling.open(DevicePolicy.REFERENCE);
        Pooling device = TestDevices.open(name)) {
      if (device.refusal(call.type()).isEmpty()) {
        Preference wish =
            name.equals("jvm") ? Preference.NONE : Preference.implementation("separable");
        Outcome outcome = Parity.check(call, reference, device, wish);
        assertTrue(outcome.matches(), outcome::toString);
      }
    }
  }
}
