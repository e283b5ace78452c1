package io.github.clpool.opencl.device;

import static io.github.clpool.opencl.device.SelfTestOperation.DIVIDE;
import static io.github.clpool.opencl.device.SelfTestOperation.DIVIDE_DOUBLES;
import static io.github.clpool.opencl.device.SelfTestOperation.FMA;
import static io.github.clpool.opencl.device.SelfTestOperation.SQUARE_ROOT;
import static io.github.clpool.opencl.device.SelfTestOperation.SQUARE_ROOT_OF_DOUBLE;

import io.github.clpool.backend.DeviceException;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.DeviceProfile.Rounding;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What a device's arithmetic is worth. Immutable.
 *
 * @param hasDouble whether double arithmetic is there and right
 * @param division how a correctly rounded float quotient is had
 * @param squareRoot how a correctly rounded float root is had
 * @param keepsSubnormals whether sums, products and comparisons of subnormals are right
 * @param exactFma whether fma is right where nothing comes near the ends of the range
 * @param exactSubnormalFma whether fma is right everywhere
 * @param widensHalves whether the device itself widens every half to the same float
 * @param loopLimit after how many iterations the loops of a work-item end
 */
public record SelfTestVerdicts(
    boolean hasDouble,
    Rounding division,
    Rounding squareRoot,
    boolean keepsSubnormals,
    boolean exactFma,
    boolean exactSubnormalFma,
    boolean widensHalves,
    long loopLimit) {
  /** The numbers that {@code self_test_double} computes, before it compares. */
  private static final List<String> DOUBLE_NAMES =
      List.of(
          "a / b",
          "sqrt(a)",
          "fma(a, b, c)",
          "a + b",
          "a - b",
          "a * b",
          "a * b + c",
          "a * b + c of vectors",
          "a * b - c of vectors");

  static final int DOUBLE_ROWS = DOUBLE_NAMES.size() + 1;

  private static final int LOOP_STEPS = 100_000;

  /** Reads the results of {@code self_test}. */
  public static SelfTestVerdicts of(
      String device, float[][] operands, int[] results, boolean hasDouble, long loopLimit) {
    Set<SelfTestOperation> wrong = EnumSet.noneOf(SelfTestOperation.class);
    Set<SelfTestOperation> wrongInside = EnumSet.noneOf(SelfTestOperation.class);
    int[] expected = SelfTestOperation.expected(operands);
    for (SelfTestOperation operation : SelfTestOperation.of(hasDouble)) {
      for (int i = 0; i < SelfTestCases.COUNT; i++) {
        int place = operation.ordinal() * SelfTestCases.COUNT + i;
        int bits = results[place];
        if (operation.takes(bits, expected[place])) {
          continue;
        }
        float a = operands[0][i];
        float b = operands[1][i];
        float c = operands[2][i];
        wrong.add(operation);
        if (operation.isFarInside(a, b, c)) {
          wrongInside.add(operation);
          if (operation.isNeeded()) {
            throw wrong(device, operation.describe(bits, a, b, c));
          }
        }
      }
    }
    boolean hasDivision = !wrong.contains(DIVIDE);
    boolean hasSquareRoot = !wrong.contains(SQUARE_ROOT);
    return new SelfTestVerdicts(
        hasDouble,
        rounding(hasDivision, hasDouble && !wrong.contains(DIVIDE_DOUBLES)),
        rounding(hasSquareRoot, hasDouble && !wrong.contains(SQUARE_ROOT_OF_DOUBLE)),
        wrong.stream().noneMatch(SelfTestOperation::isNeeded),
        !wrongInside.contains(FMA),
        !wrong.contains(FMA),
        false,
        loopLimit);
  }

  /** The same, where it is known how halves are widened. */
  SelfTestVerdicts widening(boolean widens) {
    return new SelfTestVerdicts(
        hasDouble,
        division,
        squareRoot,
        keepsSubnormals,
        exactFma,
        exactSubnormalFma,
        widens,
        loopLimit);
  }

  static DeviceException wrong(String device, String what) {
    return new DeviceException(device + " computes wrongly: " + what);
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
      throw wrong(device, "a loop gives " + state);
    }
    return DeviceProfile.NO_LIMIT;
  }

  private static Rounding rounding(boolean ownIsRight, boolean doubleIsRight) {
    if (ownIsRight) {
      return Rounding.NATIVE;
    }
    return doubleIsRight ? Rounding.DOUBLE : Rounding.INTEGER;
  }

  /** What Java computes as {@code self_test_double} does: a row for each operation. */
  static long[] expectedOfDoubles(double[][] operands) {
    int count = operands[0].length;
    long[] rows = new long[DOUBLE_ROWS * count];
    for (int i = 0; i < count; i++) {
      double a = operands[0][i];
      double b = operands[1][i];
      double c = operands[2][i];
      double sum = a * b + c;
      double[] numbers = {
        a / b, Math.sqrt(a), Math.fma(a, b, c), a + b, a - b, a * b, sum, sum, a * b - c
      };
      for (int row = 0; row < numbers.length; row++) {
        rows[row * count + i] = Double.doubleToLongBits(numbers[row]);
      }
      rows[numbers.length * count + i] = (a < b ? 1 : 0) + (a == b ? 2 : 0);
    }
    return rows;
  }

  /** What {@code self_test_double} has wrong first, or an empty text. */
  static String firstDifference(double[][] operands, long[] results) {
    long[] expected = expectedOfDoubles(operands);
    int count = operands[0].length;
    for (int place = 0; place < expected.length; place++) {
      int row = place / count;
      boolean ofNumbers = row < DOUBLE_NAMES.size();
      double actual = Double.longBitsToDouble(results[place]);
      long bits = ofNumbers ? Double.doubleToLongBits(actual) : results[place];
      if (bits != expected[place]) {
        double a = operands[0][place % count];
        double b = operands[1][place % count];
        return ofNumbers
            ? "%s is %s, not %s, for a = %s, b = %s, c = %s"
                .formatted(
                    DOUBLE_NAMES.get(row),
                    actual,
                    Double.longBitsToDouble(expected[place]),
                    a,
                    b,
                    operands[2][place % count])
            : "comparing %s with %s is wrong".formatted(a, b);
      }
    }
    return "";
  }
}
