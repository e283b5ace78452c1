package io.github.clpool.opencl.device;

import io.github.clpool.exact.ExactMath;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Half;
import java.nio.Buffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Whether a device computes the functions of {@code lib/exact_math.clh} and rounds to halves as
 * Java does: a compiler that fuses what it should not is found before it spoils a result.
 */
final class SelfTestFunctions {
  private static final DataType HALVES = DataType.FLOAT16;
  private static final List<String> FUNCTIONS = List.of("exp(a)", "log(a)", "pow(a, b)");
  private static final List<String> ROUNDED = List.of("a * 1.1 + 1000", "0.3 * a + 0.7 * b");

  private final SelfTestKernels kernels;

  SelfTestFunctions(SelfTestKernels kernels) {
    this.kernels = kernels;
  }

  /**
   * The functions of floats.
   *
   * @param ways how the device divides and takes roots, as macros
   * @param keepsSubnormals false: what has to do with subnormals does not count
   * @return what is wrong first, or an empty text
   */
  String floatDifference(Map<String, String> ways, boolean keepsSubnormals) {
    double[][] operands = SelfTestCases.functionOperands();
    int[] bits = new int[FUNCTIONS.size() * operands[0].length];
    compute(DataType.FLOAT32, ways, operands, IntBuffer.wrap(bits));
    double[] results = IntStream.of(bits).mapToDouble(Float::intBitsToFloat).toArray();
    return difference(DataType.FLOAT32, operands, results, keepsSubnormals);
  }

  /** The same of doubles. */
  String doubleDifference() {
    double[][] operands = SelfTestCases.functionOperands();
    long[] bits = new long[FUNCTIONS.size() * operands[0].length];
    compute(DataType.FLOAT64, Map.of(), operands, LongBuffer.wrap(bits));
    double[] results = LongStream.of(bits).mapToDouble(Double::longBitsToDouble).toArray();
    return difference(DataType.FLOAT64, operands, results, true);
  }

  private void compute(
      DataType type, Map<String, String> ways, double[][] operands, Buffer results) {
    kernels.compute(
        type == DataType.FLOAT64 ? type : HALVES, // whose program computes with floats
        ways,
        "self_test_functions",
        SelfTestKernels.bits(operands, type),
        results,
        operands[0].length);
  }

  /** What Java computes: a row for each function; of floats, widened. */
  static double[] expected(DataType type, double[][] operands) {
    int count = operands[0].length;
    double[] rows = new double[FUNCTIONS.size() * count];
    for (int i = 0; i < count; i++) {
      double a = operands[0][i];
      double b = operands[1][i];
      double[] numbers = type == DataType.FLOAT32 ? of((float) a, (float) b) : of(a, b);
      for (int row = 0; row < numbers.length; row++) {
        rows[row * count + i] = numbers[row];
      }
    }
    return rows;
  }

  /** The first difference of given results. */
  static String difference(
      DataType type, double[][] operands, double[] results, boolean keepsSubnormals) {
    double[] expected = expected(type, operands);
    int count = operands[0].length;
    for (int place = 0; place < expected.length; place++) {
      double a = operands[0][place % count];
      double b = operands[1][place % count];
      double right = expected[place];
      boolean counts = keepsSubnormals || !isSubnormal(a) && !isSubnormal(b) && !isSubnormal(right);
      if (counts && Double.compare(right, results[place]) != 0) {
        return "%s is %a, not %a, for a = %a, b = %a"
            .formatted(FUNCTIONS.get(place / count), results[place], right, a, b);
      }
    }
    return "";
  }

  private static double[] of(double a, double b) {
    return new double[] {ExactMath.exp(a), ExactMath.log(a), ExactMath.pow(a, b)};
  }

  private static double[] of(float a, float b) {
    return new double[] {ExactMath.exp(a), ExactMath.log(a), ExactMath.pow(a, b)};
  }

  /** As a float. */
  private static boolean isSubnormal(double value) {
    return value != 0 && Math.abs(value) < Float.MIN_NORMAL;
  }

  /**
   * What is rounded to halves.
   *
   * @param ways how the device divides and takes roots, as macros
   * @param halves what from
   * @return what is wrong first, or an empty text
   */
  String halvesDifference(Map<String, String> ways, short[] halves) {
    return halvesDifference(halves, compute(ways, "self_test_halves", ROUNDED.size(), halves));
  }

  /** Whether the device itself widens halves exactly. */
  boolean widensHalves(Map<String, String> ways, short[] halves) {
    return widensHalves(halves, compute(ways, "self_test_widening", 1, halves));
  }

  /** Rows of results. */
  private short[] compute(Map<String, String> ways, String kernel, int rows, short[] halves) {
    short[] results = new short[rows * halves.length];
    kernels.compute(
        HALVES,
        ways,
        kernel,
        List.of(ShortBuffer.wrap(halves)),
        ShortBuffer.wrap(results),
        halves.length);
    return results;
  }

  /** Whether every half is what it was when it had been widened. */
  static boolean widensHalves(short[] halves, short[] widened) {
    for (int i = 0; i < halves.length; i++) {
      if (Float.compare(Half.toFloat(halves[i]), Half.toFloat(widened[i])) != 0) {
        return false;
      }
    }
    return true;
  }

  /** What Java rounds: two rows. */
  static float[] expectedOfHalves(short[] halves) {
    int count = halves.length;
    float[] rows = new float[ROUNDED.size() * count];
    for (int i = 0; i < count; i++) {
      float a = Half.toFloat(halves[i]);
      float b = Half.toFloat(halves[count - 1 - i]);
      float product = rounded(a * 1.1f);
      rows[i] = rounded(product + 1000);
      rows[count + i] = rounded(0.3f * a + 0.7f * b);
    }
    return rows;
  }

  private static float rounded(float number) {
    return Half.toFloat(Half.fromFloat(number));
  }

  /** What is wrong first of what is rounded to halves, or an empty text. */
  static String halvesDifference(short[] halves, short[] results) {
    float[] expected = expectedOfHalves(halves);
    int count = halves.length;
    for (int place = 0; place < expected.length; place++) {
      float actual = Half.toFloat(results[place]);
      if (Float.compare(expected[place], actual) != 0) {
        return "%s, each rounded to a half, is %a, not %a, for a = %a, b = %a"
            .formatted(
                ROUNDED.get(place / count),
                actual,
                expected[place],
                Half.toFloat(halves[place % count]),
                Half.toFloat(halves[count - 1 - place % count]));
      }
    }
    return "";
  }
}
