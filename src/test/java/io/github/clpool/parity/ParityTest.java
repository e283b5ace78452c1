package io.github.clpool.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pooling;
import io.github.clpool.TestPooling;
import io.github.clpool.WithoutDevice;
import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Computation;
import io.github.clpool.backend.HeapBackend;
import io.github.clpool.backend.HeapStorage;
import io.github.clpool.backend.Implementation;
import io.github.clpool.backend.Preference;
import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Operators;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.op.Window;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Handles;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** The machinery of the parity checks must see what is wrong; here it is given wrong backends. */
@WithoutDevice
class ParityTest {
  private static final List<DataType> TYPES =
      List.of(DataType.FLOAT32, DataType.FLOAT64, DataType.FLOAT16, DataType.BFLOAT16);

  private static Parity few(String... operators) {
    return Parity.of(operators).seed(42).small();
  }

  @Test
  void theReferenceAgreesWithItself() {
    long live = Handles.live();
    int cases = 100 * Operators.names().size();
    try (Pooling reference = Pooling.open(DevicePolicy.REFERENCE)) {
      ParityReport report = Parity.ofAll().seed(42).small().cases(cases).check(reference);
      assertEquals(cases + " cases, 0 mismatches", report.toString());
      assertEquals(cases, report.checks());
      assertEquals(
          2 * Operators.names().size(), report.rows().size(), () -> "rows " + report.rows());
    }
    assertEquals(live, Handles.live());
  }

  @Test
  void aSingleWrongBitIsFoundAndShrunk() {
    // wrong: the last row of a 2-d maximum with a kernel of 3 or more, unless it is tiny
    BiConsumer<Problem, Arguments> spoil =
        (problem, arguments) -> {
          boolean hit =
              problem.operator() instanceof Pool pool
                  && pool.name().equals("max")
                  && pool.regions() instanceof Window window
                  && window.kernel().get(0) >= 3
                  && problem.has(Role.OUTPUT)
                  && problem.input().axes() == 2
                  && problem.input().h() >= 5
                  && problem.input().elements() > 0
                  && problem.type() == DataType.FLOAT32;
          if (hit) {
            float[] y = ((HeapStorage) arguments.get(Role.OUTPUT).storage()).floats();
            int last = y.length - 1;
            y[last] = Float.intBitsToFloat(Float.floatToRawIntBits(y[last]) ^ 1);
          }
        };
    try (Pooling reference = Pooling.open(DevicePolicy.REFERENCE);
        Pooling wrong = SpoiledBackend.open(reference, spoil)) {
      ParityReport report = few("max").cases(400).check(wrong);
      assertTrue(report.mismatches() > 3, report::toString);
      assertEquals(1, report.failures().size());
      Outcome failure = report.failures().get(0);
      assertFalse(failure.matches());
      assertEquals("max window=3x1 on 1x1x5x1 NCHW FLOAT32", withoutData(failure.subject()));
      assertEquals("Parity.repeat(\"" + failure.subject() + "\").check(...)", failure.command());
    }
  }

  @Test
  void whatDiffersIsToldBeforeTheTimeIsOver() {
    List<String> told = new ArrayList<>();
    ParityProgress progress =
        new ParityProgress() {
          @Override
          public void done(long done, long total) {
            told.add("case");
          }

          @Override
          public void differs(Outcome outcome) {
            told.add(outcome.subject().operator().name());
          }

          @Override
          public void seedDone(long seed, ParityReport soFar) {
            told.add(seed + ": " + soFar);
          }
        };
    try (Pooling reference = Pooling.open(DevicePolicy.REFERENCE);
        Pooling wrong =
            SpoiledBackend.open(
                reference,
                (problem, arguments) -> {
                  throw new IllegalStateException("broken on purpose");
                })) {
      double time = 1e-9; // over at once: nothing is drawn, and nothing hangs
      Parity three = few("max").cases(3).progress(progress);
      assertEquals("0 cases, 0 mismatches", three.seconds(time).check(wrong).toString());
      assertEquals(List.of("42: 0 cases, 0 mismatches"), told);
      told.clear();
      ParityReport report = three.check(wrong);
      assertEquals("max", told.get(0));
      assertEquals("42: " + report, told.get(told.size() - 1));
      assertTrue(report.mismatches() == 3, report::toString);
    }
  }

  private static String withoutData(Case subject) {
    return subject.toString().replaceAll(" data=.*", "");
  }

  @Test
  void anUnwrittenOutputIsFound() {
    Implementation<Void, Computation> lazy =
        new Implementation<>() {
          @Override
          public String name() {
            return "lazy";
          }

          @Override
          public Verdict accepts(Problem problem, Void device) {
            return accept("does nothing");
          }

          @Override
          public Computation plan(Problem problem, Void device) {
            return arguments -> {};
          }
        };
    try (Pooling reference = Pooling.open(DevicePolicy.REFERENCE);
        Pooling wrong =
            TestPooling.of(new HeapBackend<Void>("lazy", "JVM", null, o -> List.of(lazy)))) {
      for (String text :
          List.of(
              "max window=2 on 1x2x4x4 indices",
              "avg window=2 on 1x2x4x4 FLOAT16",
              "max window=2 on 1x2x4x4 FLOAT64 backward",
              "sum global on 1x2x4x4 BFLOAT16 backward")) {
        Outcome outcome = Parity.check(Case.parse(text), reference, wrong, Preference.NONE);
        assertEquals(outcome.compared(), outcome.mismatches(), outcome::toString);
      }
      Outcome refused =
          Parity.check(
              Case.parse("max window=2 on 1x2x4x4"),
              reference,
              wrong,
              Preference.implementation("direct"));
      assertFalse(refused.matches());
      assertTrue(
          refused.differences().get(0).contains("implementation 'direct'"), refused::toString);
    }
  }

  @Test
  void anExceptionIsAFailureOfItsCase() {
    try (Pooling reference = Pooling.open(DevicePolicy.REFERENCE);
        Pooling wrong =
            SpoiledBackend.open(
                reference,
                (problem, arguments) -> {
                  throw new IllegalStateException("broken on purpose");
                })) {
      Outcome outcome =
          Parity.check(Case.parse("max window=2 on 1x2x4x4"), reference, wrong, Preference.NONE);
      assertFalse(outcome.matches());
      assertTrue(outcome.toString().contains("broken on purpose"), outcome::toString);
    }
  }

  private static RandomCases random(long seed) {
    return new RandomCases(seed, CaseSpace.of(Operators.names(), TYPES, RandomCases.Limits.FULL));
  }

  @Test
  void casesReadBack() {
    RandomCases cases = random(7);
    for (int i = 0; i < 2000; i++) {
      Case drawn = cases.next();
      assertEquals(drawn, Case.parse(drawn.toString()));
    }
  }

  @Test
  void aSeedAlwaysGivesTheSameCases() {
    RandomCases some = random(8);
    RandomCases same = random(8);
    for (int i = 0; i < 200; i++) {
      assertEquals(some.next(), same.next());
    }
  }

  @Test
  void recipesHoldWhatTheySay() {
    Shape shape = Shape.of(1, 1, 2000);
    for (DataType type : TYPES) {
      for (boolean subnormals : new boolean[] {true, false}) {
        int[] found = new int[5];
        Elements special = Elements.draw(Recipe.SPECIAL, 3, subnormals, type, shape, Layout.NCHW);
        for (int i = 0; i < special.count(); i++) {
          double x = special.number(i);
          found[0] += Double.isNaN(x) ? 1 : 0;
          found[1] += x == Double.POSITIVE_INFINITY ? 1 : 0;
          found[2] += x == Double.NEGATIVE_INFINITY ? 1 : 0;
          found[3] += x == 0 && 1 / x < 0 ? 1 : 0;
          found[4] += isSubnormal(x, type) ? 1 : 0;
        }
        for (int kind = 0; kind < 4; kind++) {
          assertTrue(found[kind] > 10, type + " lacks special number " + kind);
        }
        boolean flushed = !subnormals && Recipe.flushable(type);
        assertEquals(flushed, found[4] == 0, type + " has " + found[4] + " subnormals");
        Elements wide = Elements.draw(Recipe.WIDE, 3, subnormals, type, shape, Layout.NCHW);
        boolean any = false;
        for (int i = 0; i < wide.count(); i++) {
          any |= isSubnormal(wide.number(i), type);
        }
        assertEquals(!flushed, any, type + " wide");
      }
    }
  }

  private static boolean isSubnormal(double x, DataType type) {
    double least =
        switch (type) {
          case FLOAT64 -> Double.MIN_NORMAL;
          case FLOAT16 -> 0x1p-14;
          default -> Float.MIN_NORMAL;
        };
    return x != 0 && Math.abs(x) < least;
  }
}
