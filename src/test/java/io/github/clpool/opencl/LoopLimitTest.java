package io.github.clpool.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pooling;
import io.github.clpool.TestDevices;
import io.github.clpool.backend.Verdict;
import io.github.clpool.opencl.device.SelfTest;
import io.github.clpool.parity.Case;
import io.github.clpool.parity.ParityReport;
import io.github.clpool.parity.ParityRun;
import io.github.clpool.parity.RandomCases;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A device that ends a work-item's loops early still computes everything. */
class LoopLimitTest {
  private static final long LIMIT = 1000;

  private Pooling reference;
  private Pooling limited;

  @BeforeEach
  void open() {
    System.setProperty(SelfTest.LOOP_LIMIT_PROPERTY, Long.toString(LIMIT));
    try {
      limited = Pooling.over(TestDevice.open());
    } finally {
      System.clearProperty(SelfTest.LOOP_LIMIT_PROPERTY);
    }
    reference = Pooling.open(DevicePolicy.REFERENCE);
  }

  @AfterEach
  void close() {
    if (limited != null) {
      limited.close();
      reference.close();
    }
  }

  private String implementation(String call) {
    return limited.choose(Case.parse(call).problem()).implementation();
  }

  @Test
  void largeRegionsAreSharedByTeams() {
    for (String call : List.of("max global", "avg global", "sum adaptive=1", "min window=8x19")) {
      assertEquals("group", implementation(call + " on 1x1x38x38"));
    }
    String small = TestDevices.isSimulator() ? "tile" : "direct"; // it is no processor
    assertEquals(small, implementation("max global on 1x1x5x5 NHWC"));
    Verdict direct =
        limited.explain(Case.parse("max global on 1x1x38x38").problem()).stream()
            .filter(verdict -> verdict.implementation().equals("direct"))
            .findFirst()
            .orElseThrow();
    assertTrue(
        direct
            .toString()
            .startsWith("direct: refuses, the device ends a work-item's loops after " + LIMIT),
        direct::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"roi_pool", "roi_align", "max", "median"})
  void whatMayExceedTheLimitIsRefusedAndNoMismatch(String operator) {
    ParityRun.Options options =
        new ParityRun.Options(List.of(operator), 20, 5, RandomCases.Limits.SMALL);
    ParityReport report = ParityRun.run(reference, List.of(limited), options, (done, total) -> {});
    assertEquals(0, report.mismatches(), () -> report + " " + report.failures());
  }

  /** Every implementation's own loops, from the least limit on. */
  @Test
  void aDeviceThatEndsEveryLoopIsGivenNone() {
    assertThrows(IllegalArgumentException.class, () -> implementation("max global on 1x1x999x999"));
  }
}
