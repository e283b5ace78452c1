package io.github.clpool.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pooling;
import io.github.clpool.TestDevices;
import io.github.clpool.backend.Preference;
import io.github.clpool.backend.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Windows that lie in the padding altogether or begin there, by every implementation that can. */
class WindowsInPaddingTest {
  private static final List<String> CALLS =
      List.of(
          "max window=3 stride=1 padding=3:0 widePadding on 1x2x13 indices data=special",
          "max window=2 padding=4:5 ceilMode widePadding on 1x2x7x9 backward data=special",
          "max window=1 stride=2 padding=1x2 widePadding on 1x2x5x6 indices data=nans",
          "min window=1 padding=1 widePadding on 1x9x3x4x5 NHWC indices data=special",
          "avg window=1x2x2 stride=1 padding=1x2x2 widePadding on 1x2x2x5x6",
          "avg window=3 stride=1 padding=3:7 dilation=2 widePadding on 1x9x4x5 NHWC",
          "avg window=2 padding=2:4 countIncludePad=false widePadding on 1x2x5x6 backward",
          "lp p=2 window=9 stride=5 padding=10 widePadding on 1x2x12x13",
          "mix gated window=2 stride=1 padding=2 countIncludePad widePadding on 1x2x3x4 backward",
          // of planes of one slice, which is not the first tap, or none
          "avg window=1x2x2 stride=3x2x2 padding=2x0x0:0x0x0 widePadding on 1x2x1x4x4 backward",
          "max window=3x2x2 stride=1x2x2 padding=1x0x0 on 1x2x1x4x4 backward",
          "mix gated window=3x2x2 stride=1x2x2 padding=1x0x0 on 1x2x1x4x4 NHWC backward");

  @ParameterizedTest
  @MethodSource("io.github.clpool.TestDevices#others")
  void theirRegionsAreEmpty(String device) {
    try (Pooling reference = Pooling.open(DevicePolicy.REFERENCE);
        Pooling other = TestDevices.open(device)) {
      List<String> wrong = new ArrayList<>();
      int checks = 0;
      for (String text : CALLS) {
        Case call = Case.parse(text);
        Comparison comparison = new Comparison(call, reference, other.keepsSubnormals());
        for (Verdict verdict : other.explain(call.problem())) {
          if (verdict.accepted()) {
            checks++;
            Preference wish = Preference.implementation(verdict.implementation());
            Outcome outcome = comparison.check(other, wish);
            if (!outcome.matches()) {
              wrong.add(outcome.toString());
            }
          }
        }
      }
      assertEquals(List.of(), wrong);
      assertTrue(checks >= CALLS.size(), "only " + checks + " checks");
    }
  }
}
