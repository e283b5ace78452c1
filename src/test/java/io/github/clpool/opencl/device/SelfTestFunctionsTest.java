package io.github.clpool.opencl.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.exact.ExactMath;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Half;
import org.junit.jupiter.api.Test;

/** The self-test of functions is given devices that compute wrongly. */
class SelfTestFunctionsTest {
  private final double[][] operands = SelfTestCases.functionOperands();
  private final int count = operands[0].length;

  private double[] right() {
    double[] results = new double[3 * count];
    for (int i = 0; i < count; i++) {
      float a = (float) operands[0][i];
      results[i] = ExactMath.exp(a);
      results[count + i] = ExactMath.log(a);
      results[2 * count + i] = ExactMath.pow(a, (float) operands[1][i]);
    }
    return results;
  }

  private String difference(double[] results, boolean keepsSubnormals) {
    return SelfTestFunctions.difference(DataType.FLOAT32, operands, results, keepsSubnormals);
  }

  @Test
  void oneBitIsEnough() {
    assertEquals("", difference(right(), true));
    String[] names = {"exp(a)", "log(a)", "pow(a, b)"};
    for (int row = 0; row < names.length; row++) {
      double[] wrong = right();
      int normal = row * count + 151; // of a positive number near 1
      wrong[normal] = Math.nextUp((float) wrong[normal]);
      assertTrue(difference(wrong, true).startsWith(names[row] + " is "), difference(wrong, true));
    }
  }

  @Test
  void zerosForSubnormalsCountWhereTheyAreKept() {
    double[] flushed = right();
    for (int i = 0; i < flushed.length; i++) {
      flushed[i] = Math.abs(flushed[i]) < Float.MIN_NORMAL ? 0 * flushed[i] : flushed[i];
    }
    assertTrue(difference(flushed, true).contains(" is 0x0.0p0, not 0x1."));
    assertEquals("", difference(flushed, false));
  }

  /**
   * AMD's compilers round a product and its narrowing in one: the value and the first half that
   * tells are Sarek's, docs/fp-contraction-policy.md.
   */
  @Test
  void productsThatAreRoundedOnceAreCaught() {
    short[] halves = SelfTestCases.halves(1 << 16);
    short[] results = new short[2 * halves.length];
    int wrong = 0;
    for (int i = 0; i < halves.length; i++) {
      float a = Half.toFloat(halves[i]);
      float b = Half.toFloat(halves[halves.length - 1 - i]);
      float twice = rounded(a * 1.1f) + 1000;
      float once = rounded(toOdd((double) a * 1.1f)) + 1000;
      results[i] = Half.fromFloat(once);
      results[halves.length + i] = Half.fromFloat(0.3f * a + 0.7f * b);
      wrong += Float.isFinite(a) && results[i] != Half.fromFloat(twice) ? 1 : 0;
    }
    assertEquals(
        "a * 1.1 + 1000, each rounded to a half, is %a, not %a, for a = %a, b = "
            .formatted(1006.5f, 1006f, 5.68359375f),
        SelfTestFunctions.halvesDifference(halves, results).replaceAll("(b = ).*", "$1"));
    assertEquals(620, wrong);
  }

  /** A device that flushes subnormal halves must not widen them itself. */
  @Test
  void flushedHalvesAreCaught() {
    short[] halves = SelfTestCases.halves(1 << 10);
    short[] results = halves.clone();
    assertTrue(SelfTestFunctions.widensHalves(halves, results));
    for (int i = 0; i < halves.length; i++) {
      boolean subnormal = (halves[i] & 0x7c00) == 0;
      results[i] = subnormal ? (short) (halves[i] & 0x8000) : halves[i];
    }
    assertFalse(SelfTestFunctions.widensHalves(halves, results));
  }

  private static float rounded(float value) {
    return Half.toFloat(Half.fromFloat(value));
  }

  /** What a second rounding takes to where the first would have gone: the last bit is sticky. */
  private static float toOdd(double value) {
    float nearest = (float) value;
    if (nearest == value || !Float.isFinite(nearest)) {
      return nearest;
    }
    float toZero = Math.abs(nearest) > Math.abs(value) ? Math.nextAfter(nearest, 0) : nearest;
    return Float.intBitsToFloat(Float.floatToRawIntBits(toZero) | 1);
  }
}
