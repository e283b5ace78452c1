package io.github.clpool.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pooling;
import io.github.clpool.WithoutDevice;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Operators;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Regions;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Handles;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What users check their own functions and backends with. */
@WithoutDevice
class ParityProductTest {
  private static final Parity MAXIMA =
      Parity.of(Pool.max().over(Regions.global()))
          .types(DataType.FLOAT32)
          .layouts(Layout.NCHW)
          .directions(Direction.FORWARD);

  /** A maximum of planes, right or one that drops NaN. */
  private static void max(FunctionCall call, boolean dropsNan) {
    float[] x = call.floats(Role.INPUT);
    float[] y = call.floats(Role.OUTPUT);
    int plane = call.shape(Role.INPUT).planeSize();
    for (int i = 0; i < y.length; i++) {
      y[i] = Float.NEGATIVE_INFINITY;
      int index = 0;
      for (int cell = 0; cell < plane; cell++) {
        float value = x[i * plane + cell];
        boolean nan = Float.isNaN(value) && !dropsNan; // the last one's index, as in PyTorch
        if (nan || value > y[i]) {
          y[i] = value;
          index = cell;
        }
      }
      if (call.problem().has(Role.INDICES)) {
        call.ints(Role.INDICES)[i] = index;
      }
    }
  }

  @Test
  void aRightFunctionIsFoundRight() {
    long live = Handles.live();
    ParityReport report = MAXIMA.check(call -> max(call, false));
    report.assertEqual();
    assertEquals(200, report.checks());
    assertEquals(live, Handles.live());
  }

  @Test
  void aMaximumThatDropsNanIsFoundAndShrunk() {
    ParityReport report = MAXIMA.check(call -> max(call, true));
    assertEquals(1, report.failures().size());
    Outcome failure = report.failures().get(0);
    Case shrunk = failure.subject();
    assertEquals("max global", shrunk.operator().toString());
    assertTrue(shrunk.shape().elements() <= 2, shrunk::toString);
    assertTrue(failure.differences().get(0).contains("must be NaN"), failure::toString);
    AssertionError failed = assertThrows(AssertionError.class, report::assertEqual);
    for (String part :
        List.of(
            "seed 1: 200 cases, ", "is -Infinity", "again: Parity.repeat(\"" + shrunk + "\")")) {
      assertTrue(failed.getMessage().contains(part), failed::getMessage);
    }
    Parity again = Parity.repeat(shrunk.toString());
    assertEquals(1, again.check(call -> max(call, true)).mismatches());
    again.check(call -> max(call, false)).assertEqual();
    MAXIMA.specials(Special.INFINITIES).check(call -> max(call, true)).assertEqual();
  }

  @Test
  void drawsOnlyWhatWasSaid() {
    Shape[] shapes = {Shape.of(2, 3, 9, 8), Shape.unbatched(2, 16)};
    List<Case> drawn =
        Parity.of("max", "avg global", "sampled")
            .shapes(shapes)
            .types(DataType.FLOAT16, DataType.FLOAT64)
            .layouts(Layout.NHWC)
            .directions(Direction.BACKWARD)
            .cases(100)
            .draw();
    assertEquals(100, drawn.size());
    Set<Object> seen = new HashSet<>();
    for (Case each : drawn) {
      seen.addAll(List.of(each.shape(), each.type(), each.layout(), each.direction()));
      seen.add(each.operator().name());
      assertEquals(each, Case.parse(each.toString()));
    }
    assertTrue(seen.containsAll(Arrays.asList(shapes)), seen::toString);
    assertTrue(seen.containsAll(Set.of("max", "avg")), seen::toString);
    seen.removeAll(Operators.names());
    seen.removeAll(Arrays.asList(shapes));
    assertEquals(Set.of(DataType.FLOAT16, DataType.FLOAT64, Layout.NHWC, Direction.BACKWARD), seen);
    for (Case each : Parity.of("max", "crf_pool").dimensions(1, 3).cases(50).draw()) {
      assertTrue(!each.shape().hasPlanes() || each.shape().axes() != 2, each::toString);
    }
  }

  @Test
  void everyTypeThatIsPooledIsDrawn() {
    Set<DataType> drawn = EnumSet.noneOf(DataType.class);
    Parity.of("max").templates(200).draw().forEach(each -> drawn.add(each.type()));
    assertEquals(EnumSet.complementOf(EnumSet.of(DataType.INT32)), drawn);
  }

  @Test
  void everyOperatorCanBeGivenByItsText() {
    for (Case each : Parity.ofAll().small().cases(60).draw()) {
      if (!each.shape().hasPlanes() || each.shape().elements() == 0) {
        continue;
      }
      Case again = Parity.of(each.operator()).shapes(each.shape()).cases(1).draw().get(0);
      assertEquals(each.operator(), again.operator());
      assertEquals(each.shape(), again.shape());
    }
  }

  @ParameterizedTest
  @EnumSource(Special.class)
  void noOtherSpecialNumbersAreGiven(Special wanted) {
    EnumSet<Special> given = EnumSet.noneOf(Special.class);
    for (Recipe recipe : Recipe.values()) {
      Case every = Case.parse("max global on 1x1x4000");
      Case subject = every.withData(recipe, 3, Set.of(wanted));
      Elements drawn = TestInputs.elements(subject, Role.INPUT, subject.shape(), true);
      for (Special special : Special.values()) {
        for (int i = 0; i < drawn.count(); i++) {
          if (special.has(drawn.number(i), DataType.FLOAT32)) {
            given.add(special);
          }
        }
      }
    }
    assertEquals(Set.of(wanted), given);
  }

  @Test
  void wrongWishesAreRefusedByName() {
    refused("operator is 'mx'", () -> Parity.of("mx window=2"));
    refused("operators are []", () -> Parity.of(new String[0]));
    refused("dimensions are [4]", () -> Parity.ofAll().dimensions(4));
    refused("types are [INT32]", () -> Parity.ofAll().types(DataType.INT32));
    refused("layouts are []", () -> Parity.ofAll().layouts());
    refused("cases is 0", () -> Parity.ofAll().cases(0));
    refused("seconds are 0.0", () -> Parity.ofAll().seconds(0));
    refused("specials are 'nun'", () -> Case.parse("max global on 1x1x2 specials=nun"));
    refused(
        "no random shape fits: operators are [roi_align output=2x2],",
        () -> Parity.of("roi_align output=2").dimensions(1).draw());
  }

  @Test
  void whatAFunctionThrowsIsAFailure() {
    ParityReport report = MAXIMA.cases(1).check(call -> call.floats(Role.LOGITS));
    String words = report.failures().get(0).differences().get(0);
    assertTrue(words.contains("role is LOGITS, but the call has only"), words);
    report = MAXIMA.cases(1).check(call -> call.doubles(Role.INPUT));
    words = report.failures().get(0).differences().get(0);
    assertTrue(words.contains("input has type FLOAT32"), words);
  }

  private static void refused(String words, Executable wrong) {
    String message = assertThrows(IllegalArgumentException.class, wrong).getMessage();
    assertTrue(message.contains(words), message);
  }

  /** Nothing compared is no success. */
  @Test
  void refusalsAreToldAndFailWhereNothingIsCompared() {
    try (Pooling reference = Pooling.open(DevicePolicy.REFERENCE);
        Pooling refusing = RefusingBackend.open()) {
      ParityReport report = Parity.of("max").cases(3).check(refusing);
      assertEquals(3, report.refused());
      assertTrue(report.refusals().get(0).contains("refuses all: on purpose"), report::toString);
      AssertionError failed = assertThrows(AssertionError.class, report::assertEqual);
      assertTrue(failed.getMessage().contains("nothing was compared"), failed::getMessage);
      ParityReport both = Parity.of("max").cases(3).check(refusing, reference);
      both.assertEqual();
      assertFalse(both.refusals().isEmpty());
    }
  }
}
