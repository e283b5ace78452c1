package io.github.clpool.parity;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pooling;
import io.github.clpool.TestDevices;
import io.github.clpool.backend.Preference;
import io.github.clpool.backend.Verdict;
import io.github.clpool.tensor.DataType;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Layout NHWC with as many channels as vectors have lanes, a few more, and many more. */
class ChannelsLastTest {
  private static final List<String> CALLS =
      List.of(
          "max %s on %s",
          "lp p=3 mean %s on %s",
          "max %s on %s indices",
          "max %s on %s backward",
          "avg %s on %s",
          "lp p=2 %s on %s",
          "avg %s on %s backward",
          "avg %s on %s accumulate");

  private static final List<String> PLACES =
      List.of(
          "window=3 stride=2 padding=1 on 2x%dx9x12",
          "window=2x3 stride=1 ceilMode on 1x%dx7x5",
          "adaptive=3x4 on 2x%dx7x9",
          "window=3x2 stride=2x3 dilation=2x1 padding=1 on 1x%dx11x8",
          "window=2x3x3 stride=1x2x1 padding=1 on 1x%dx4x6x5",
          "window=7x5 stride=1 padding=3x2 on 1x%dx8x9",
          "window=2x5 stride=1 padding=1x2 on 1x%dx2x70",
          "global on 2x%dx5x4");

  private static final List<DataType> TYPES =
      List.of(DataType.FLOAT32, DataType.FLOAT64, DataType.FLOAT16, DataType.BFLOAT16);

  private static final List<Integer> CHANNELS = List.of(8, 16, 24, 29, 137);

  @ParameterizedTest
  @MethodSource("io.github.clpool.TestDevices#others")
  void everyNumberOfChannelsGivesTheBitsOfTheReference(String name) {
    int asked = 0;
    int number = 0;
    try (Pooling reference = Pooling.open(DevicePolicy.REFERENCE);
        Pooling device = TestDevices.open(name)) {
      for (DataType type : TYPES) {
        for (int channels : CHANNELS) {
          for (String call : CALLS) {
            String[] place = PLACES.get(number++ % PLACES.size()).split(" on ");
            String shape = String.format(place[1], channels) + " NHWC data=special " + type;
            Case subject = Case.parse(String.format(call, place[0], shape + " seed=" + number));
            boolean takes =
                device.refusal(type).isEmpty()
                    && device.explain(subject.problem()).stream().anyMatch(ChannelsLastTest::takes);
            if (takes) {
              asked++;
              Preference preference = Preference.implementation("channels_last");
              Outcome outcome = Parity.check(subject, reference, device, preference);
              assertTrue(outcome.matches(), outcome::toString);
            }
          }
        }
      }
    }
    assertTrue(asked >= 60 || !name.equals("pocl"), asked + " cases of channels_last");
  }

  private static boolean takes(Verdict verdict) {
    return verdict.accepted() && verdict.implementation().equals("channels_last");
  }
}
