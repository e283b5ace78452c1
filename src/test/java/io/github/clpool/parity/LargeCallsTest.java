package io.github.clpool.parity;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pooling;
import io.github.clpool.TestDevices;
import io.github.clpool.backend.Preference;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls whose results are so large that some devices store them past their caches. */
class LargeCallsTest {
  private static final List<String> CASES =
      List.of(
          "max window=2 on 1x34x512x256 data=special",
          "avg window=3 stride=1 padding=1 on 1x33x256x256",
          "max window=2 on 1x33x256x256 backward",
          "avg window=2 on 1x33x256x256 backward",
          "max window=3 stride=1 padding=1 on 1x32x257x256 NHWC data=special",
          "avg window=3 stride=2 padding=1 on 1x16x512x512 FLOAT64 NHWC",
          "avg window=2 on 1x32x256x257 NHWC backward",
          "max_unpool window=2 on 1x33x128x128",
          "max_unpool window=2 on 1x33x128x128 data=special",
          "max_unpool window=3 on 1x33x85x85",
          "max_unpool window=2 stride=4 on 1x33x4x32x32 FLOAT64",
          "max_unpool output=255 on 1x37x128x128",
          "max_unpool output=20000 on 3x37x1000",
          "max_unpool output=63x62x61 on 1x10x16x31x30",
          "max_unpool window=3 stride=2 padding=1 on 1x37x128x128 data=integers",
          "max_unpool window=2 distinct on 1x33x64x128 FLOAT64");

  /** The larger work-group has more work-items than there is to do. */
  private static final List<Preference> WISHES =
      List.of(Preference.NONE, Preference.NONE.withWorkGroupSize(4096));

  /** Simulators, on which these would take long, have no such stores. */
  private static List<String> devices() {
    return TestDevices.isSimulator() ? List.of("jvm") : TestDevices.others();
  }

  @ParameterizedTest
  @MethodSource("devices")
  void largeResultsAreThoseOfTheReference(String name) {
    try (Pooling reference = Pooling.open(DevicePolicy.REFERENCE);
        Pooling device = TestDevices.open(name)) {
      for (String text : CASES) {
        Case call = Case.parse(text);
        if (device.refusal(call.type()).isEmpty()) {
          for (Preference wish : WISHES) {
            Outcome outcome = Parity.check(call, reference, device, wish);
            assertTrue(outcome.matches(), outcome::toString);
          }
        }
      }
    }
  }
}
