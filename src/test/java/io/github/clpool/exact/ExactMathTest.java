package io.github.clpool.exact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.WithoutDevice;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How far {@link ExactMath} is off, and what it gives for special values: C99, Annex F. */
@WithoutDevice
class ExactMathTest {
  private static final long SEED = 23;

  /** Exponents of floats and doubles that are not as wide apart as their significands are. */
  private final SplittableRandom random = new SplittableRandom(SEED);

  @ParameterizedTest
  @EnumSource(names = {"EXP", "LOG", "SIGMOID", "SQRT"})
  void functionsOfAFloatAreAccurate(FloatFunction function) {
    FloatCheck check = new FloatCheck(function, Map.of(), false);
    check.check(FloatInputs.boundaries());
    check.check(FloatInputs.spread(random, 22));
    assertAccurate(check);
  }

  @Test
  void powersOfFloatsAreAccurate() {
    FloatCheck check = new FloatCheck(FloatFunction.POW, Map.of(), false);
    check.check(FloatInputs.specialPairs());
    for (int i = 0; i < 10; i++) {
      check.check(FloatInputs.powers(random, 20));
    }
    assertAccurate(check);
  }

  private static void assertAccurate(FloatCheck check) {
    assertEquals(List.of(), check.failures(), "seed " + SEED);
    assertTrue(check.worst().error() > 0.4, () -> "suspiciously right: " + check.worst());
  }

  @ParameterizedTest
  @EnumSource
  void functionsOfDoublesAreAccurate(DoubleFunction function) {
    for (int i = 0; i < 20_000; i++) {
      double[] arguments = function.draw(random);
      double x = arguments[0];
      double y = arguments[arguments.length - 1];
      double error = function.error(x, y);
      assertTrue(
          error <= function.tolerance(),
          () -> "%s of %a, %a is %s ulp off, seed %d".formatted(function, x, y, error, SEED));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "EXP, 0, 0, 1",
    "EXP, -0.0, 0, 1",
    "EXP, -Infinity, 0, 0",
    "EXP, Infinity, 0, Infinity",
    "EXP, NaN, 0, NaN",
    "LOG, 0, 0, -Infinity",
    "LOG, -0.0, 0, -Infinity",
    "LOG, 1, 0, 0",
    "LOG, -1, 0, NaN",
    "LOG, -Infinity, 0, NaN",
    "LOG, Infinity, 0, Infinity",
    "LOG, NaN, 0, NaN",
    "SIGMOID, 0, 0, 0.5",
    "SIGMOID, -0.0, 0, 0.5",
    "SIGMOID, -Infinity, 0, 0",
    "SIGMOID, Infinity, 0, 1",
    "SIGMOID, NaN, 0, NaN",
    "SQRT, -0.0, 0, -0.0",
    "SQRT, -1, 0, NaN",
    "SQRT, Infinity, 0, Infinity",
    "POW, 0, -3, Infinity",
    "POW, -0.0, -3, -Infinity",
    "POW, -0.0, -2, Infinity",
    "POW, 0, -2.5, Infinity",
    "POW, -0.0, -2.5, Infinity",
    "POW, 0, -Infinity, Infinity",
    "POW, -0.0, -Infinity, Infinity",
    "POW, 0, 3, 0",
    "POW, -0.0, 3, -0.0",
    "POW, -0.0, 2, 0",
    "POW, -0.0, 2.5, 0",
    "POW, 0, Infinity, 0",
    "POW, -1, Infinity, 1",
    "POW, -1, -Infinity, 1",
    "POW, 1, NaN, 1",
    "POW, 1, Infinity, 1",
    "POW, NaN, 0, 1",
    "POW, Infinity, -0.0, 1",
    "POW, -5, 0, 1",
    "POW, -2, 0.5, NaN",
    "POW, -2, 3, -8",
    "POW, -2, -2, 0.25",
    "POW, -2, 1e38, Infinity",
    "POW, -0.5, 1e38, 0",
    "POW, 0.5, -Infinity, Infinity",
    "POW, -0.5, -Infinity, Infinity",
    "POW, 2, -Infinity, 0",
    "POW, -2, -Infinity, 0",
    "POW, 0.5, Infinity, 0",
    "POW, 2, Infinity, Infinity",
    "POW, -Infinity, -3, -0.0",
    "POW, -Infinity, -2.5, 0",
    "POW, -Infinity, 3, -Infinity",
    "POW, -Infinity, 2.5, Infinity",
    "POW, -Infinity, 2, Infinity",
    "POW, Infinity, -1, 0",
    "POW, Infinity, 0.5, Infinity",
    "POW, NaN, 1, NaN",
    "POW, 2, NaN, NaN",
    "POW, 4, 0.5, 2",
    "POW, 3, 2, 9",
  })
  void specialValuesAreThoseOfC(String function, double x, double y, double expected) {
    float ofFloats = FloatFunction.valueOf(function).of((float) x, (float) y);
    assertEquals((float) expected, ofFloats, function);
    assertEquals(expected, DoubleFunction.valueOf(function).of(x, y), function);
  }

  @Test
  void powersOfHugeExponentsKnowOddFromEven() {
    assertEquals(-1f, ExactMath.pow(-1f, 0x1.fffffep23f), "the greatest odd float");
    assertEquals(1f, ExactMath.pow(-1f, 0x1p24f));
    assertEquals(-1.0, ExactMath.pow(-1.0, 0x1.fffffffffffffp52), "the greatest odd double");
    assertEquals(1.0, ExactMath.pow(-1.0, 0x1p53));
  }

  @Test
  void whatIsWrongIsFound() {
    FloatCheck check =
        new FloatCheck(
            FloatFunction.EXP,
            Map.of("elsewhere", numbers -> new float[] {1, Math.nextUp(ExactMath.exp(1f))}),
            false);
    check.check(new float[] {0, 1});
    assertEquals(Map.of("elsewhere", 1L), check.differences());
    assertEquals(
        List.of("exp of 0x1.0p0 is 0x1.5bf0a8p1 in Java, but 0x1.5bf0aap1 by elsewhere"),
        check.failures());
    assertEquals(1, Ulps.between(Math.nextUp(1f), 1));
    assertEquals(0.5, Ulps.between(1f, 1 - 0x1p-25));
    assertEquals(Double.POSITIVE_INFINITY, Ulps.between(-0f, 0));
    assertEquals(Double.POSITIVE_INFINITY, Ulps.between(Float.NaN, 0.5));
    assertEquals(1, Ulps.between(Float.POSITIVE_INFINITY, Float.MAX_VALUE));
    assertEquals(3, Ulps.between(0f, 3 * Float.MIN_VALUE));
    assertEquals(1, Ulps.between(Math.nextDown(2.0), new java.math.BigDecimal(2)) * 2);
  }
}
