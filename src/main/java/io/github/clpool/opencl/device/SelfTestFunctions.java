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
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Whether a device computes the functions of {@code lib/exact_math.clh} and rounds to halves as
 * Java does: a compiler that fuses what it should not is found before it spoils a result.
 */
final class SelfTestFunctions {
  private static final String FILE = "self_test_functions.cl";
  private static final List<String> FUNCTIONS = List.of("exp(a)", "log(a)", "pow(a, b)");
  private static final List<String> ROUNDED = List.of("a * 1.1 + 1000", "0.3 * a + 0.7 * b");

  private final SelfTestKernels kernels;

  SelfTestFunctions(SelfTestKernels kernels) {
    this.kernels = kernels;
  }

  /**
   * The functions, of floats or doubles.
   *
   * @param ways how the device divides and takes roots, as macros
   * @param keepsSubnormals false: what has to do with subnormals does not count
   * @return what is wrong first, or an empty text
   */
  String difference(DataType type, Map<String, String> ways, boolean keepsSubnormals) {
    double[][] operands = SelfTestCases.functionOperands();
    return difference(type, operands, compute(type, ways, operands), keepsSubnormals);
  }

  /** The same of given results. */
  static String difference(
      DataType type, double[][] operands, double[] results, boolean keepsSubnormals) {
    boolean ofFloats = type == DataType.FLOAT32;
    int count = operands[0].length;
    for (int i = 0; i < count; i++) {
      double a = operands[0][i];
      double b = operands[1][i];
      double[] expected = ofFloats ? of((float) a, (float) b) : of(a, b);
      for (int row = 0; row < expected.length; row++) {
        double actual = results[row * count + i];
        boolean counts =
            keepsSubnormals || !isSubnormal(a) && !isSubnormal(b) && !isSubnormal(expected[row]);
        if (counts && Double.compare(expected[row], actual) != 0) {
          return "%s is %a, not %a, for a = %a, b = %a"
              .formatted(FUNCTIONS.get(row), actual, expected[row], a, b);
        }
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

  /** Rows of results; floats are widened. */
  private double[] compute(DataType type, Map<String, String> ways, double[][] operands) {
    Map<String, String> macros = new TreeMap<>(ways);
    macros.put("TYPE", type.name());
    int count = operands[0].length;
    List<Buffer> bits = SelfTestKernels.bits(operands, type);
    String name = "self_test_functions";
    if (type == DataType.FLOAT64) {
      long[] results = new long[FUNCTIONS.size() * count];
      kernels.compute(FILE, macros, name, bits, LongBuffer.wrap(results), count);
      return LongStream.of(results).mapToDouble(Double::longBitsToDouble).toArray();
    }
    int[] results = new int[FUNCTIONS.size() * count];
    kernels.compute(FILE, macros, name, bits, IntBuffer.wrap(results), count);
    return IntStream.of(results).mapToDouble(Float::intBitsToFloat).toArray();
  }

  /**
   * What is rounded to halves.
   *
   * @param halves what from
   * @return what is wrong first, or an empty text
   */
  String halvesDifference(short[] halves) {
    return halvesDifference(halves, compute("self_test_halves", ROUNDED.size(), halves));
  }

  /** Whether the device itself widens halves exactly. */
  boolean widensHalves(short[] halves) {
    return widensHalves(halves, compute("self_test_widening", 1, halves));
  }

  /** Rows of results. */
  private short[] compute(String kernel, int rows, short[] halves) {
    short[] results = new short[rows * halves.length];
    kernels.compute(
        FILE,
        Map.of("TYPE", DataType.FLOAT16.name()),
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

  /** What is wrong first of what is rounded to halves, or an empty text. */
  static String halvesDifference(short[] halves, short[] results) {
    int count = halves.length;
    for (int i = 0; i < count; i++) {
      float a = Half.toFloat(halves[i]);
      float b = Half.toFloat(halves[count - 1 - i]);
      float product = Half.toFloat(Half.fromFloat(a * 1.1f));
      float[] expected = {product + 1000, 0.3f * a + 0.7f * b};
      for (int row = 0; row < expected.length; row++) {
        float rounded = Half.toFloat(Half.fromFloat(expected[row]));
        float actual = Half.toFloat(results[row * count + i]);
        if (Float.compare(rounded, actual) != 0) {
          return "%s, each rounded to a half, is %a, not %a, for a = %a, b = %a"
              .formatted(ROUNDED.get(row), actual, rounded, a, b);
        }
      }
    }
    return "";
  }
}
