package io.github.clpool.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pooling;
import io.github.clpool.TestDevices;
import io.github.clpool.backend.Preference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** 8-bit integers in every implementation that takes them; random cases have them now and then. */
class BytesParityTest {
  /** Each on a device by the implementation that is named, on the JVM by what is chosen. */
  private static final List<String> CALLS =
      List.of(
          "separable: max window=13 stride=1 padding=6 on 2x3x13x19 UINT8 data=special",
          "separable: max window=2x6x7 stride=1 padding=1x3x2 on 1x2x4x21x23 INT8 indices",
          "separable: avg window=7 stride=1 padding=3 on 1x2x19x21 INT8",
          "rows: min window=3 stride=2 padding=1 on 2x3x17x35 UINT8",
          "rows: min window=3 stride=2 padding=1 on 2x3x17x35 INT8 indices data=integers",
          "rows: avg window=3 stride=2 padding=1 ceilMode on 2x3x17x35 UINT8",
          "channels_last: min window=3 stride=2 padding=1 on 1x17x9x37 NHWC INT8",
          "channels_last: max window=3 stride=1 padding=1 on 2x17x205x3 NHWC UINT8 indices data=integers",
          "channels_last: avg divisorOverride=-3 window=3x2 on 1x18x7x9 NHWC UINT8",
          "global: max global on 9x2x13x11 INT8",
          "global: avg global on 9x2x13x11 UINT8",
          "tile: max window=2 dilation=4 stride=1 padding=1 on 1x8x3x5 NHWC UINT8 indices",
          "tile: median window=3 stride=1 padding=1 on 1x2x9x11 INT8 indices data=special",
          "tile: avg window=3 stride=2 padding=1 on 2x3x7x11 INT8",
          "group: median global on 1x2x13x11 UINT8 indices",
          "group: avg global on 1x1x200x170 INT8",
          "direct: avg fractional=3 outputSize=5 on 2x2x17x19 INT8",
          "direct: avg global on 1x1x170x200 NHWC UINT8",
          "planes: max_unpool window=2 on 1x2x3x20 UINT8",
          "claim: max_unpool window=2 on 1x2x3x5 NHWC INT8",
          "chain: s3_pool grid=4 window=2 inference on 1x2x8x12 UINT8");

  @ParameterizedTest
  @MethodSource("io.github.clpool.TestDevices#others")
  void bytesHaveTheBitsOfTheReference(String name) {
    List<Outcome> wrong = new ArrayList<>();
    try (Pooling reference = Pooling.open(DevicePolicy.REFERENCE);
        Pooling device = TestDevices.open(name)) {
      for (String text : CALLS) {
        String[] parts = text.split(": ");
        Case call = Case.parse(parts[1]);
        Preference wish =
            name.equals("jvm") ? Preference.NONE : Preference.implementation(parts[0]);
        if (device.refusal(call.type()).isEmpty()) {
          Outcome outcome = Parity.check(call, reference, device, wish);
          if (!outcome.matches()) {
            wrong.add(outcome);
          }
        }
      }
    }
    assertEquals(List.of(), wrong);
  }
}
