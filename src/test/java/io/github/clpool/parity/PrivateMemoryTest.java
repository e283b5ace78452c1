package io.github.clpool.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Nightly;
import io.github.clpool.Pooling;
import io.github.clpool.TestDevices;
import io.github.clpool.backend.Preference;
import io.github.clpool.backend.Verdict;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Calls whose private arrays would be larger than a work-item may have, many work-items with large
 * ones, and work-groups larger than there is to do: every implementation refuses them or has the
 * bits of the reference.
 */
class PrivateMemoryTest {
  /** Too many for a simulator. */
  private static final String MANY_PLANES = "stochastic window=1 on 70000x1x1x1 seed=4";

  private static final List<String> CALLS =
      List.of(
          "max window=1 stride=1000000 on 1x1x3",
          "min window=1 stride=1000000 on 1x1x3 indices",
          "avg window=1 stride=1000000 on 1x1x3",
          "sum window=1 stride=2000 on 2x3x4001",
          "lp p=2 window=1 stride=1000000 on 1x1x3",
          "soft window=1 stride=1000000 on 1x1x3",
          "mix mean window=1 stride=1000000 on 1x1x3",
          "stochastic expected window=1 stride=1000000 on 1x1x3",
          "avg window=2 stride=300000 on 1x1x3",
          "max window=1 stride=268435456 on 1x1x3",
          "avg window=1 stride=536870912 on 1x1x3",
          "max window=1 stride=1000000 on 1x1x3 backward",
          "soft window=1 stride=1000000 on 1x1x3 backward",
          "max window=1 stride=1000000 on 1x9x3 NHWC",
          "max fractional=2 outputSize=4 on 16x16x8x8 backward seed=3",
          MANY_PLANES,
          "soft window=2 on 1x2x4x6",
          "lp p=2.5 window=2 on 1x2x4x6",
          "soft window=2 on 1x8x4x6 NHWC",
          "variance window=9 stride=1 padding=4 on 1x2x11x12",
          "max window=7x6 stride=1 padding=3 on 1x1x8x9",
          "avg global on 1x2x5x7",
          "max window=5 stride=1 padding=2 on 1x1x7x9 backward",
          "avg window=3 stride=2 on 1x1x7x7 backward",
          "avg window=3 stride=2 on 1x9x7x7 NHWC backward",
          "soft_gate on 1x2x4x6 backward",
          "s3_pool grid=4 window=2 inference on 1x2x8x8",
          "max_unpool window=2 on 3x2x4x5",
          "max_unpool window=2 distinct on 1x2x2x3",
          "roi_pool output=2x3 on 2x2x9x8 seed=5",
          "roi_align output=2x3 on 2x2x9x8 seed=5",
          "roi_align output=2x3 mode=max samplingRatio=2 on 2x2x9x8 backward seed=5");

  /** Drivers compile a kernel for each. */
  private static final int[] WORK_GROUPS =
      Nightly.is()
          ? new int[] {3, 33, 250, 512, 1024, 4096}
          : TestDevices.isSimulator() ? new int[0] : new int[] {4096};

  private static Stream<Arguments> calls() {
    return TestDevices.others().stream()
        .flatMap(
            device ->
                CALLS.stream()
                    .filter(call -> !TestDevices.isSimulator() || !call.equals(MANY_PLANES))
                    .map(call -> Arguments.of(device, call)));
  }

  @ParameterizedTest
  @MethodSource("io.github.clpool.TestDevices#others")
  void everyImplementationTakesOne(String name) {
    try (Pooling device = TestDevices.open(name)) {
      Set<String> taking = new TreeSet<>();
      Set<String> refusing = new TreeSet<>();
      for (String text : CALLS) {
        for (Verdict verdict : device.explain(Case.parse(text).problem())) {
          (verdict.accepted() ? taking : refusing).add(verdict.implementation());
        }
      }
      refusing.removeAll(taking);
      assertEquals(Set.of(), refusing);
    }
  }

  @ParameterizedTest
  @MethodSource("calls")
  void everyImplementationIsRightOrRefuses(String name, String text) {
    Case call = Case.parse(text);
    try (Pooling reference = Pooling.open(DevicePolicy.REFERENCE);
        Pooling device = TestDevices.open(name)) {
      int checks = 0;
      for (Verdict verdict : device.explain(call.problem())) {
        Preference only = Preference.implementation(verdict.implementation());
        for (int i = 0; i <= WORK_GROUPS.length && verdict.accepted(); i++) {
          Preference wish = i == 0 ? only : only.withWorkGroupSize(WORK_GROUPS[i - 1]);
          Outcome outcome = Parity.check(call, reference, device, wish);
          assertTrue(outcome.matches(), outcome::toString);
          checks++;
        }
      }
      assertTrue(checks > 0, "no implementation takes it");
    }
  }
}
