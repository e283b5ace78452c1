package io.github.clpool.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pooling;
import io.github.clpool.backend.Preference;
import io.github.clpool.backend.Verdict;
import io.github.clpool.parity.Case;
import io.github.clpool.parity.Outcome;
import io.github.clpool.parity.Parity;
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
  private static final long LIMIT = 60;

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
  void largeRegionsAreComputedInPieces() {
    for (String call : List.of("max global", "avg global", "sum adaptive=2", "min window=8")) {
      assertEquals("pieces", implementation(call + " on 1x1x19x19"));
    }
    assertEquals("pieces", implementation("avg window=8 stride=1 on 1x1x19x19 backward"));
    assertTrue(!implementation("max window=2 on 1x1x4x4").equals("pieces"));
    Verdict direct =
        limited.explain(Case.parse("max global on 1x1x19x19").problem()).stream()
            .filter(verdict -> verdict.implementation().equals("direct"))
            .findFirst()
            .orElseThrow();
    assertTrue(
        direct
            .toString()
            .startsWith("direct: refuses, the device ends a work-item's loops after 60"),
        direct::toString);
  }

  /** Only the boxes of a call say how often loops over them go round. */
  @ParameterizedTest
  @ValueSource(strings = {"roi_pool", "roi_align"})
  void whatTheBoxesOfACallExceedIsRefusedAndNoMismatch(String operator) {
    ParityRun.Options options =
        new ParityRun.Options(List.of(operator), 40, 5, RandomCases.Limits.SMALL);
    ParityReport report = ParityRun.run(reference, List.of(limited), options, (done, total) -> {});
    assertEquals(0, report.mismatches(), () -> report + " " + report.failures());
    assertTrue(report.refused() > 0, () -> "none of " + report + " is refused");
    assertEquals(40, report.refused() + report.checks(), "refused or compared");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "max window=5x9 stride=2x3 padding=2 on 2x3x11x12 indices data=special",
        "min window=8 stride=3 on 2x9x11x12 NHWC indices data=integers",
        "max adaptive=3 on 2x2x7x9x10 FLOAT16 data=nans",
        "max window=8 dilation=7 padding=4 on 1x1x60 indices data=special",
        "max window=8x9 stride=1 on 2x2x11x12 NHWC backward",
        "min window=40 stride=1 padding=20 on 1x2x90 BFLOAT16 accumulate",
        "avg window=70x3 stride=11x1 padding=30x1 on 1x1x80x4",
        "avg window=3x70 stride=1x9 padding=1x35 countIncludePad=false on 1x1x4x80",
        "avg window=9x8 stride=5 dilation=2 padding=4 on 2x9x20x21 NHWC FLOAT16 data=wide",
        "avg adaptive=2 on 1x3x5x9x10 data=special",
        "sum global on 1x1x1x130x3",
        "sum global on 1x1x5x66x3 FLOAT64",
        "avg window=70x1 stride=1 padding=34x0 on 1x1x70x2 backward",
        "avg adaptive=5x9 on 1x2x3x3 backward data=special",
        "max fractional=6x7 outputSize=3x2 on 2x3x11x13 indices seed=4",
        "avg fractional=4x9 outputSize=5x3 on 2x9x11x13 NHWC backward seed=5",
        "sum window=5x9 stride=1 on 1x3x9x13 NHWC FLOAT16 accumulate",
      })
  void piecesGiveTheBitsOfTheReference(String text) {
    Case call = Case.parse(text);
    if (limited.refusal(call.type()).isPresent()) {
      return;
    }
    Outcome outcome = Parity.check(call, reference, limited, Preference.implementation("pieces"));
    assertTrue(outcome.matches(), outcome::toString);
  }
}
