package io.github.clpool.parity;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Nightly;
import io.github.clpool.Pooling;
import io.github.clpool.TestDevices;
import io.github.clpool.backend.Preference;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Windows that share rows and columns in local memory, or nothing at all, more kinds of them than
 * random cases draw.
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

  /** Gradients of cells that one output covers at most: vectors in planes, rows and windows. */
  private static final List<String> DISJOINT =
      List.of(
          "avg global on 2x2x7x7 backward",
          "max global on 3x2x7x7 FLOAT16 backward accumulate",
          "max window=3 stride=4 padding=1 on 2x2x9x10 backward",
          "avg window=8x4 stride=8x5 padding=2x0 on 1x2x18x20 backward",
          "max window=2x7x3 stride=2x1x3 on 1x2x5x7x9 backward",
          "max window=5 on 1x8x11x10 NHWC FLOAT64 backward",
          "gem window=2x3 on 1x2x7x9 backward",
          "importance window=3 on 2x4x7x6 NHWC backward",
          "soft global on 1x3x5x4 BFLOAT16 backward accumulate");

  /** Gradients of selections that add to tiles of cells. */
  private static final List<String> SCATTERED =
      List.of(
          "max window=13 stride=1 padding=6 on 2x17x13x13 backward",
          "min window=5x7 stride=1x2 padding=2x3 on 1x2x19x35 FLOAT16 backward accumulate",
          "max window=4 stride=1 dilation=2 padding=1 on 1x2x20x18 FLOAT64 backward",
          "lp p=inf window=5 stride=1 on 1x3x11x17 NHWC backward",
          "max window=3x3x4 stride=1 padding=1 on 1x2x5x6x18 backward",
          "max window=16 stride=1 on 1x2x40 backward");

  /** What goes to cells of its own, and what does not. */
  private static final List<String> UNPOOLED =
      List.of(
          "max_unpool window=2 on 1x2x5x6",
          "max_unpool window=3x4 on 2x3x4x3 FLOAT16",
          "max_unpool window=2 distinct on 1x4x3x4 NHWC",
          "max_unpool window=2 on 1x2x2x3x4 FLOAT64");

  private static final Map<String, List<String>> FORCED =
      Map.of("separable", CALLS, "direct", DISJOINT, "tile_scatter", SCATTERED, "blocks", UNPOOLED);

  private static Stream<Arguments> calls() {
    int step = TestDevices.isSimulator() && !Nightly.is() ? 2 : 1; // each takes seconds there
    return FORCED.entrySet().stream()
        .flatMap(
            forced ->
                TestDevices.others().stream()
                    .flatMap(
                        device ->
                            IntStream.range(0, forced.getValue().size())
                                .filter(i -> i % step == 0)
                                .mapToObj(forced.getValue()::get)
                                .map(call -> Arguments.of(device, forced.getKey(), call))));
  }

  @ParameterizedTest
  @MethodSource("calls")
  void largeWindowsHaveTheBitsOfTheReference(String name, String way, String text) {
    Case call = Case.parse(text);
    try (Pooling reference = Pooling.open(DevicePolicy.REFERENCE);
        Pooling device = TestDevices.open(name)) {
      if (device.refusal(call.type()).isEmpty()) {
        Preference wish = name.equals("jvm") ? Preference.NONE : Preference.implementation(way);
        Outcome outcome = Parity.check(call, reference, device, wish);
        assertTrue(outcome.matches(), outcome::toString);
      }
    }
  }
}
