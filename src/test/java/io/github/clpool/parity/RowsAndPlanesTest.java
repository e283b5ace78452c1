package io.github.clpool.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pooling;
import io.github.clpool.TestDevices;
import io.github.clpool.backend.Preference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What owners of rows and planes do in volumes, in whole planes and for selections, and what others
 * do in planes smaller than a vector, for several channels of regions of interest, and for powers,
 * by name.
 */
class RowsAndPlanesTest {
  /** Each on a device by the implementation that is named, on the JVM by what is chosen. */
  private static final List<String> CALLS =
      List.of(
          "rows: max window=3 stride=2x1x2 padding=1 on 2x2x5x7x13 indices data=special",
          "rows: min window=2x3x2 dilation=2x1x2 stride=1 on 1x3x6x7x19 FLOAT16 indices",
          "rows: max window=2x5x4 stride=1 padding=1x2x2 on 1x1x4x21x60 indices data=integers",
          "rows: max window=3 stride=1 padding=1 on 1x2x3x4x5 INT8 indices",
          "rows: avg window=3x2x3 stride=1x2x2 padding=1 on 2x2x5x6x11 backward",
          "rows: avg window=2 dilation=2 stride=1 padding=1 on 1x2x6x7x9 FLOAT64 accumulate",
          "rows: sum window=4x3x2 stride=3x1x2 padding=1 on 1x2x9x40x5 BFLOAT16 backward",
          "powers: gem window=3 stride=2 padding=1 on 2x3x13x21 data=special seed=2",
          "powers: gem window=2 on 1x3x70x131 FLOAT16 seed=1",
          "powers: gem window=3 stride=1 dilation=2 on 2x17x7x9 NHWC data=special seed=2",
          "powers: gem global on 3x5x3x3 NHWC BFLOAT16 seed=3",
          "powers: gem global on 3x21x7x9 seed=3",
          "powers: gem adaptive=2x3x2 on 2x3x4x5x7 FLOAT64 data=special seed=2",
          "powers: gem window=2 on 2x19x6x9 NHWC seed=4",
          "powers: lp p=2.5 window=2 on 1x1x200x90 data=special seed=6",
          "powers: lp p=5 signed window=2x3x2 stride=1 on 1x2x3x4x5 NHWC data=special seed=7",
          "powers: lp p=0.5 signed mean adaptive=3 on 2x3x10 FLOAT64 data=special seed=8",
          "powers: lp p=1.5 mean window=2 stride=1 padding=1 on 2x3x6x5 BFLOAT16 seed=9",
          "rows: lp p=3 window=3 stride=2 padding=1 on 2x3x19x40 data=special",
          "rows: lp p=3 signed mean window=2 on 2x3x9x15 FLOAT64 data=special seed=1",
          "channels_last: lp p=3 signed window=2 on 2x19x6x7 NHWC data=special seed=2",
          "global: max global on 11x1x7x7 indices data=special",
          "global: min global on 3x3x2x3 FLOAT16 indices data=special",
          "global: max global on 3x3x9x1 FLOAT64 indices data=integers",
          "global: max global on 11x1x5x4 backward",
          "global: stochastic global on 3x2x3x1 BFLOAT16 backward seed=3",
          "global: avg global on 5x3x4x5 FLOAT16 backward",
          "global: sum global on 3x1x1x5 FLOAT64 backward",
          "direct: max window=1 on 1x8x1x1 backward data=integers seed=3",
          "direct: max window=1 on 2x4x1x3 FLOAT16 backward data=integers seed=4",
          "direct: avg window=1 on 2x8x1x1 BFLOAT16 backward seed=5",
          "tile: median window=1 stride=2 on 1x2x14 accumulate data=integers seed=2",
          "direct: roi_pool output=2x3 on 1x8x9x70 indices data=special seed=5",
          "direct: roi_pool output=3 avg on 1x4x70x9 NHWC BFLOAT16 seed=6",
          "direct: roi_pool output=3x2 avg on 1x8x9x8 NHWC accumulate seed=7",
          "direct: roi_align output=3x2 on 1x8x9x80 seed=5",
          "direct: roi_align output=3 aligned on 1x8x9x8 FLOAT16 backward seed=7",
          "direct: roi_align output=2x66 on 1x8x5x20 NHWC backward seed=8",
          "planes: roi_pool output=2x3 on 2x2x29x70 indices data=special seed=5",
          "planes: roi_pool output=3 on 1x2x70x50 FLOAT16 indices data=integers seed=6",
          "planes: roi_pool output=3x2 on 1x2x60x65 FLOAT64 seed=7",
          "scatter: max window=7 stride=1 padding=3 on 1x37x8x9 NHWC backward",
          "scatter: min window=3x3x2 stride=1 dilation=1x2x2 on 2x11x5x7x8 NHWC FLOAT64 backward",
          "scatter: max adaptive=3x2 on 1x75x7x5 NHWC backward",
          "channels_last: max window=5 stride=1 padding=2 on 1x19x6x7 NHWC indices data=integers",
          "channels_last: max window=3x2x5 stride=1 padding=1x1x2 on 1x19x4x3x9 NHWC indices data=special",
          "channels_last: min window=3 dilation=1x2x1 stride=2x1x1 on 1x8x5x6x7 NHWC FLOAT64 indices data=integers",
          "channels_last: max window=3 stride=1 padding=1 on 1x8x3x1500 NHWC indices data=integers",
          "channels_last: max window=3 stride=1 padding=1 on 2x8x210x4 NHWC indices data=special",
          "channels_last: min window=2x3x2 stride=1 on 2x8x20x15x3 NHWC FLOAT16 indices data=integers",
          "channels_last: avg window=3 stride=1 padding=1 on 2x8x210x4 NHWC backward",
          "channels_last: sum window=2x3x2 stride=1 on 2x8x20x15x3 NHWC FLOAT16 backward",
          "channels_last: max window=13x2 stride=1 padding=6x1 on 1x2600x13x2 NHWC indices data=integers",
          "channels_last: min window=2x1 dilation=2500x1 stride=1 on 1x8x2502x2 NHWC FLOAT64 indices",
          "channels_last: min global on 2x9x5x7 NHWC FLOAT16 indices data=special",
          "vectors: soft window=3 stride=2 padding=1 on 1x32x7x9 NHWC data=special",
          "vectors: soft adaptive=3x2 on 1x24x7x5 NHWC backward data=special seed=3",
          "vectors: soft window=3 stride=1 padding=1 on 1x19x5x17x3 backward data=special seed=3",
          "vectors: log_sum_exp global on 5x3x70x9 data=special",
          "vectors: log_sum_exp sharpness=2.5 mean window=2 on 1x9x4x5x6 FLOAT16 accumulate",
          "vectors: importance window=2 dilation=2 stride=1 padding=1 on 3x7x9x6 backward data=special",
          "vectors: importance adaptive=4 on 1x8x9x9 NHWC FLOAT64 backward data=integers",
          "vectors: stochastic adaptive=4x3 on 2x9x9x7 indices data=special seed=5",
          "vectors: stochastic window=2 on 1x8x4x6x4 NHWC FLOAT64 indices seed=6",
          "vectors: stochastic expected global on 1x19x70x3 backward data=integers",
          "vectors: std sample window=3 stride=1 on 1x16x7x9 NHWC BFLOAT16 backward",
          "vectors: variance adaptive=2 on 3x11x5x70 backward");

  @ParameterizedTest
  @MethodSource("io.github.clpool.TestDevices#others")
  void theyHaveTheBitsOfTheReference(String name) {
    List<Outcome> wrong = new ArrayList<>();
    try (Pooling reference = Pooling.open(DevicePolicy.REFERENCE);
        Pooling device = TestDevices.open(name)) {
      for (String text : CALLS) {
        String[] parts = text.split(": ");
        Case call = Case.parse(parts[1]);
        Preference wish =
            name.equals("jvm") ? Preference.NONE : Preference.implementation(parts[0]);
        if (device.refusal(call.type()).isEmpty() && takes(device, wish, call)) {
          Outcome outcome = Parity.check(call, reference, device, wish);
          if (!outcome.matches()) {
            wrong.add(outcome);
          }
        }
      }
    }
    assertEquals(List.of(), wrong);
  }

  /** Devices that end long loops take few of them; others must take all. */
  private static boolean takes(Pooling device, Preference wish, Case call) {
    boolean takes =
        wish.equals(Preference.NONE)
            || device.explain(call.problem()).stream()
                .anyMatch(
                    verdict ->
                        verdict.accepted()
                            && wish.equals(Preference.implementation(verdict.implementation())));
    assertTrue(takes || TestDevices.endsLoops(device), call::toString);
    return takes;
  }
}
