package io.github.clpool.opencl.device;

import io.github.clpool.backend.DeviceException;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.DeviceProfile.Rounding;
import java.util.List;

/**
 * What a device's arithmetic is worth. Immutable.
 *
 * @param hasDouble whether double arithmetic is there and right
 * @param division how a correctly rounded float quotient is had
 * @param squareRoot how a correctly rounded float root is had
 * @param keepsSubnormals whether sums, products and comparisons of subnormals are right
 * @param exactFma whether fma is right where nothing comes near the ends of the range
 * @param exactSubnormalFma whether fma is right everywhere
 * @param loopLimit after how many iterations the loops of a work-item end
 */
public record SelfTestVerdicts(
    boolean hasDouble,
    Rounding division,
    Rounding squareRoot,
    boolean keepsSubnormals,
    boolean exactFma,
    boolean exactSubnormalFma,
    long loopLimit) {
  private static final int FAR_INSIDE = 90; // exponents up to this, of 126
  private static final int LOOP_STEPS = 100_000;
  private static final List<String> BASIC = List.of("a + b", "a - b", "a * b", "comparing");

  /** Reads the results of {@code self_test}: rows for each operation, in its order. */
  public static SelfTestVerdicts of(
      String device, float[][] operands, int[] results, boolean hasDouble, long loopLimit) {
    boolean[] agrees = {true, true, true, true, true, true, true, true, true};
    boolean exactFma = true;
    int count = SelfTestCases.COUNT;
    for (int i = 0; i < count; i++) {
      float a = operands[0][i];
      float b = operands[1][i];
      float c = operands[2][i];
      float fma = Math.fma(a, b, c);
      float[] expected = {
        a / b, (float) Math.sqrt(a), fma, a + b, a - b, a * b, 0, a / b, (float) Math.sqrt(a)
      };
      for (int row = 0; row * count < results.length; row++) {
        int bits = results[row * count + i];
        boolean same =
            row == 6
                ? bits == (a < b ? 1 : 0) + (a == b ? 2 : 0)
                : same(expected[row], Float.intBitsToFloat(bits));
        agrees[row] &= same;
        if (!same && row == 2 && isFarInside(a, b, c, a * b, fma)) {
          exactFma = false;
        }
        if (!same && row >= 3 && row <= 6 && isFarInside(a, b, expected[row])) {
          throw new DeviceException(
              "%s computes wrongly: %s gives bits %08x for a = %s, b = %s"
                  .formatted(device, BASIC.get(row - 3), bits, a, b));
        }
      }
    }
    return new SelfTestVerdicts(
        hasDouble,
        rounding(agrees[0], hasDouble && agrees[7]),
        rounding(agrees[1], hasDouble && agrees[8]),
        agrees[3] && agrees[4] && agrees[5] && agrees[6],
        exactFma,
        agrees[2],
        loopLimit);
  }

  /** Finds the step of {@code self_test_loop} that a state comes from. */
  public static long loopLimit(String device, int state) {
    int reached = 0;
    for (int steps = 0; steps < LOOP_STEPS; steps++) {
      if (reached == state) {
        return steps;
      }
      reached = reached * 1664525 + 1013904223;
    }
    if (reached != state) {
      throw new DeviceException(device + " computes wrongly: a loop gives " + state);
    }
    return DeviceProfile.NO_LIMIT;
  }

  private static Rounding rounding(boolean ownIsRight, boolean doubleIsRight) {
    if (ownIsRight) {
      return Rounding.NATIVE;
    }
    return doubleIsRight ? Rounding.DOUBLE : Rounding.INTEGER;
  }

  private static boolean isFarInside(float... values) {
    for (float value : values) {
      if (value != 0 && Math.abs(Math.getExponent(value)) > FAR_INSIDE) {
        return false;
      }
    }
    return true;
  }

  /** Any NaN is as good as another. */
  private static boolean same(float expected, float actual) {
    return Float.floatToIntBits(expected) == Float.floatToIntBits(actual);
  }

  /** What {@code self_test_double} has wrong first, or an empty text. */
  static String firstDifference(double[][] operands, long[] results) {
    String[] names = {"a / b", "sqrt(a)", "fma(a, b, c)", "a + b", "a - b", "a * b"};
    int count = SelfTestCases.COUNT;
    for (int i = 0; i < count; i++) {
      double a = operands[0][i];
      double b = operands[1][i];
      double c = operands[2][i];
      double[] expected = {a / b, Math.sqrt(a), Math.fma(a, b, c), a + b, a - b, a * b};
      for (int row = 0; row < expected.length; row++) {
        double actual = Double.longBitsToDouble(results[row * count + i]);
        if (Double.doubleToLongBits(expected[row]) != Double.doubleToLongBits(actual)) {
          return "%s is %s, not %s, for a = %s, b = %s, c = %s"
              .formatted(names[row], actual, expected[row], a, b, c);
        }
      }
      long order = (a < b ? 1 : 0) + (a == b ? 2 : 0);
      if (results[6 * count + i] != order) {
        return "comparing %s with %s is wrong".formatted(a, b);
      }
    }
    return "";
  }
}
