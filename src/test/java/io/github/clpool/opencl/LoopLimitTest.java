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
import io.github.clpool.opencl.runtime.OpenClBackend;
import io.github.clpool.parity.Case;
import io.github.clpool.parity.Outcome;
import io.github.clpool.parity.Parity;
import io.github.clpool.parity.ParityReport;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A device that ends a work-item's loops early is given what surely has none that long, and the
 * rest is refused: there are no wrong bits.
 */
class LoopLimitTest {
  private static final long LIMIT = 1000;
  private static final String REFUSAL = "ends a work-item's loops after " + LIMIT + " iterations";

  /** What no implementation may take, as the loops over the outputs of a cell are too long. */
  private static final Set<String> REFUSED =
      Set.of(
          "min window=40 stride=1 padding=20 on 1x2x90 BFLOAT16 accumulate",
          "min window=400 stride=1 padding=200 on 1x2x900 BFLOAT16 accumulate");

  /** What one work-item would have loops too long for, but a team has not. */
  private static final String NOT_DIRECT = "sum global on 1x1x5x66x3 FLOAT64";

  private Pooling reference;
  private OpenClBackend backend;
  private Pooling limited;

  @BeforeEach
  void open() {
    System.setProperty(SelfTest.LOOP_LIMIT_PROPERTY, Long.toString(LIMIT));
    try {
      backend = TestDevice.open();
    } finally {
      System.clearProperty(SelfTest.LOOP_LIMIT_PROPERTY);
    }
    limited = Pooling.over(backend);
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

  private Verdict verdict(Case call, String implementation) {
    return limited.explain(call.problem()).stream()
        .filter(verdict -> verdict.implementation().equals(implementation))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void largeRegionsAreSharedByTeams() {
    for (String call : List.of("max global", "avg global", "sum adaptive=1", "min window=8x19")) {
      String taken = implementation(call + " on 1x1x38x38"); // what shares columns suits a GPU
      assertTrue(Set.of("group", "separable").contains(taken), taken);
    }
    assertEquals("tile", implementation("max global on 1x1x5x5 NHWC"));
    String direct = verdict(Case.parse("max global on 1x1x38x38"), "direct").toString();
    assertTrue(direct.startsWith("direct: refuses, the device " + REFUSAL), direct);
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
        "min window=400 stride=1 padding=200 on 1x2x900 BFLOAT16 accumulate",
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
        "avg window=8 stride=1 on 1x1x19x19 backward",
      })
  void whatIsTakenHasTheBitsOfTheReference(String text) {
    Case call = Case.parse(text);
    Assumptions.assumeTrue(limited.refusal(call.type()).isEmpty(), "the device has no fp64");
    List<Verdict> verdicts = limited.explain(call.problem());
    List<Verdict> taken = verdicts.stream().filter(Verdict::accepted).toList();
    assertEquals(REFUSED.contains(text), taken.isEmpty(), verdicts::toString);
    assertEquals(
        REFUSED.contains(text) || text.equals(NOT_DIRECT),
        verdict(call, "direct").toString().contains(REFUSAL),
        verdicts::toString);
    for (Verdict verdict : taken) {
      Preference wish = Preference.implementation(verdict.implementation());
      Outcome outcome = Parity.check(call, reference, limited, wish);
      assertTrue(outcome.matches(), outcome::toString);
    }
  }

  private boolean accepts(String implementation, String call) {
    return limited.explain(Case.parse(call).problem()).stream()
        .anyMatch(verdict -> verdict.accepted() && verdict.implementation().equals(implementation));
  }

  @Test
  void regionsOfInterestAreBoundedByTheirSamplesAndCells() {
    String maximum = "roi_align output=1x1 mode=max samplingRatio=";
    assertTrue(accepts("direct", maximum + "2 on 1x1x4x4"));
    assertFalse(accepts("direct", maximum + "40 on 1x1x4x4"));
    assertFalse(accepts("direct", maximum + "40 on 1x1x4x4 backward"));
    assertFalse(accepts("direct", "roi_pool output=1x1 on 1x1x4x400"));
    assertFalse(accepts("planes", "roi_pool output=1x1 on 1x1x4x4"));
    assertFalse(accepts("channels_last", "roi_align output=1x1 on 1x80x2x2 NHWC"));
  }

  /** How many samples an adaptive bin has, only its box tells. */
  @Test
  void boxesWithTooManySamplesAreRefused() {
    Operator maximum = Operators.parse("roi_align output=1x1 mode=max");
    try (Tensor x = limited.tensor(Shape.of(1, 1, 4, 4), new float[16]);
        Tensor small = limited.tensor(Shape.array(1, 5), 0, 0, 0, 4, 4);
        Tensor large = limited.tensor(Shape.array(1, 5), 0, 0, 0, 40, 40)) {
      limited.forward(maximum, Inputs.of(x).rois(small)).close();
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class,
              () -> {
                limited.forward(maximum, Inputs.of(x).rois(large)).close();
                limited.finish();
              });
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
    Assumptions.assumeFalse(TestDevices.isSimulator(), "searches take too long there");
    int cases = 40;
    Parity few = Parity.of(operator).small().templates(4).cases(cases).seed(5);
    ParityReport report = few.check(limited);
    assertEquals(0, report.mismatches(), () -> report + " " + report.failures());
    assertTrue(report.refused() > 0, report::toString);
    assertTrue(report.checks() >= cases - report.refused(), report::toString);
  }
}
