package io.github.clpool.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pooling;
import io.github.clpool.TestDevices;
import io.github.clpool.backend.Preference;
import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Inputs;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Operators;
import io.github.clpool.opencl.device.SelfTest;
import io.github.clpool.parity.Case;
import io.github.clpool.parity.ParityReport;
import io.github.clpool.parity.ParityRun;
import io.github.clpool.parity.RandomCases;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
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

  private boolean accepts(String implementation, String call) {
    return limited.explain(Case.parse(call).problem()).stream()
        .anyMatch(verdict -> verdict.accepted() && verdict.implementation().equals(implementation));
  }

  @Test
  void regionsOfInterestAreBoundedByTheirSamplesAndCells() {
    String maximum = "roi_align output=1x1 mode=max samplingRatio=";
    assertTrue(accepts("planes", maximum + "2 on 1x1x4x4"));
    assertFalse(accepts("planes", maximum + "40 on 1x1x4x4"));
    assertFalse(accepts("planes", maximum + "40 on 1x1x4x4 backward"));
    assertFalse(accepts("planes", "roi_pool output=1x1 on 1x1x4x400"));
    String vectors = "roi_align output=1x1 on ";
    assertTrue(accepts("channels_last", vectors + "1x8x2x2 NHWC"));
    assertFalse(accepts("channels_last", vectors + "1x80x2x2 NHWC"));
  }

  /** How many samples an adaptive bin has, only its box tells. */
  @Test
  void boxesWithTooManySamplesAreRefused() {
    Operator maximum = Operators.parse("roi_align output=1x1 mode=max");
    Pooling planes = limited.with(Preference.implementation("planes"));
    try (Tensor x = limited.tensor(Shape.of(1, 1, 4, 4), new float[16]);
        Tensor small = limited.tensor(Shape.array(1, 5), 0, 0, 0, 4, 4);
        Tensor large = limited.tensor(Shape.array(1, 5), 0, 0, 0, 40, 40)) {
      planes.forward(maximum, Inputs.of(x).rois(small)).close();
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class,
              () -> planes.forward(maximum, Inputs.of(x).rois(large)));
      assertTrue(refused.getMessage().startsWith("rois[0] has 1600 samples"), refused::getMessage);
    }
  }

  /** The gradient of a parameter sums over the batch, whoever makes its terms. */
  @Test
  void gradientsOfParametersHaveLoops() {
    String gradient = "mix alpha window=2 on %dx1x4x4 backward";
    for (String implementation : List.of("tile", "direct")) {
      assertTrue(accepts(implementation, gradient.formatted(2)), implementation);
      assertFalse(accepts(implementation, gradient.formatted(400)), implementation);
    }
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
