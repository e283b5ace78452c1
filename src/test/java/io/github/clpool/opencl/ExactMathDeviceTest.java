package io.github.clpool.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.clpool.TestDevices;
import io.github.clpool.exact.DoubleFunction;
import io.github.clpool.exact.ExactMath;
import io.github.clpool.exact.FloatCheck;
import io.github.clpool.exact.FloatFunction;
import io.github.clpool.exact.FloatInputs;
import io.github.clpool.opencl.device.SelfTestCases;
import io.github.clpool.opencl.runtime.OpenClBackend;
import io.github.clpool.tensor.DataType;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * {@code lib/exact_math.clh} and what it needs on the device of the run against {@link ExactMath}.
 * {@link ExhaustiveMath} leaves out no float.
 */
class ExactMathDeviceTest {
  private static final long SEED = 21;

  private static final Set<DoubleFunction> HAVE_VECTORS =
      EnumSet.of(DoubleFunction.EXP, DoubleFunction.POW);

  private final SplittableRandom random = new SplittableRandom(SEED);

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"POW", "DIVIDE"})
  void functionsOfAFloatHaveTheBitsOfJava(FloatFunction function) {
    try (DeviceWays ways = new DeviceWays(function)) {
      FloatCheck check = ways.check();
      check.check(FloatInputs.boundaries());
      check.check(FloatInputs.spread(random, TestDevices.isSimulator() ? 12 : 22));
      assertRight(check);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"POW", "DIVIDE"})
  void functionsOfTwoFloatsHaveTheBitsOfJava(FloatFunction function) {
    int rounds = TestDevices.openCl().equals("pocl") ? 10 : 2;
    try (DeviceWays ways = new DeviceWays(function)) {
      FloatCheck check = ways.check();
      check.check(FloatInputs.specialPairs());
      for (int i = 0; i < rounds; i++) {
        check.check(pairs(function, TestDevices.isSimulator() ? 12 : 20));
      }
      assertRight(check);
    }
  }

  private float[][] pairs(FloatFunction function, int bits) {
    if (function == FloatFunction.POW) {
      return FloatInputs.powers(random, bits);
    }
    float[][] operands = SelfTestCases.floats(random.nextLong(), 1 << bits);
    return new float[][] {operands[0], operands[1]};
  }

  private static void assertRight(FloatCheck check) {
    assertEquals(List.of(), check.failures(), "seed " + SEED);
  }

  @ParameterizedTest
  @EnumSource
  void functionsOfDoublesHaveTheBitsOfJava(DoubleFunction function) {
    try (OpenClBackend backend = TestDevice.open()) {
      assumeTrue(backend.profile().hasDouble(), "the device has no fp64");
      double[][] inputs = inputs(function, TestDevices.isSimulator() ? 1 << 11 : 1 << 20);
      String name = function.kernelName();
      int arguments = function.arguments();
      compare(function, DeviceFunction.scalar(backend, DataType.FLOAT64, name, arguments), inputs);
      if (HAVE_VECTORS.contains(function)) {
        compare(
            function,
            DeviceFunction.vectors(backend, DataType.FLOAT64, name + "s", arguments),
            inputs);
      }
    }
  }

  /** Pairs of special floats, any doubles, and such that results are finite. */
  private double[][] inputs(DoubleFunction function, int count) {
    double[][] inputs = new double[function.arguments()][count];
    float[][] special = FloatInputs.specialPairs();
    for (int i = 0; i < count; i++) {
      double[] drawn = function.draw(random);
      for (int j = 0; j < drawn.length; j++) {
        boolean isSpecial = i < special[0].length && i % 4 < 2 || i % 100 == 0;
        double any = Double.longBitsToDouble(random.nextLong());
        double instead = i < special[0].length ? special[j][i] : any;
        inputs[j][i] = isSpecial ? instead : drawn[j];
      }
    }
    return inputs;
  }

  private static void compare(DoubleFunction function, DeviceFunction device, double[]... inputs) {
    double[] x = inputs[0];
    double[] y = inputs[inputs.length - 1];
    double[] actual = device.of(inputs);
    for (int i = 0; i < actual.length; i++) {
      double expected = function.of(x[i], y[i]);
      if (Double.doubleToLongBits(expected) != Double.doubleToLongBits(actual[i])) {
        assertEquals(
            Double.toHexString(expected),
            Double.toHexString(actual[i]),
            "%s of %a, %a, seed %d".formatted(function, x[i], y[i], SEED));
      }
    }
  }
}
