package io.github.clpool.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.clpool.TestDevices;
import io.github.clpool.exact.ExactMath;
import io.github.clpool.exact.FloatFunction;
import io.github.clpool.tensor.DataType;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code lib/exact_math.clh} on the device of the run against {@link ExactMath}. */
class ExactMathDeviceTest {
  private static final long SEED = 21;
  private static final float[] SPECIAL = {
    0f,
    1f,
    2f,
    3f,
    0.5f,
    1.5f,
    88.72283f,
    88.72284f,
    87.33655f,
    103.27893f,
    103.97208f,
    104f,
    0x1p23f,
    0x1.000002p23f,
    0x1p24f,
    0x1p31f,
    0x1p32f,
    Float.MIN_VALUE,
    Float.MIN_NORMAL,
    Math.nextDown(Float.MIN_NORMAL),
    Math.nextUp(1f),
    Math.nextDown(1f),
    Float.MAX_VALUE,
    Float.POSITIVE_INFINITY,
    Float.NaN
  };

  private final SplittableRandom random = new SplittableRandom(SEED);
  private OpenClBackend backend;

  @BeforeEach
  void open() {
    backend = TestDevice.open();
  }

  @AfterEach
  void close() {
    if (backend != null) {
      backend.close();
    }
  }

  /** Every exponent with as many numbers, each at random, and both signs of what is special. */
  private float[] spread(int bits) {
    float[] x = new float[1 << bits];
    for (int i = 0; i < x.length; i++) {
      int special = i / 2;
      float any =
          special < SPECIAL.length
              ? (i % 2 == 0 ? SPECIAL[special] : -SPECIAL[special])
              : Float.intBitsToFloat((i << (32 - bits)) + random.nextInt(1 << (32 - bits)));
      x[i] = isFlushed(any) ? Math.copySign(0f, any) : any;
    }
    return x;
  }

  private boolean isFlushed(float number) {
    return !backend.profile().keepsSubnormals()
        && number != 0
        && Math.abs(number) < Float.MIN_NORMAL;
  }

  @ParameterizedTest
  @EnumSource
  void functionsOfAFloatHaveTheBitsOfJava(FloatFunction function) {
    float[] x = spread(TestDevices.isSimulator() ? 12 : 22);
    DeviceFunction onDevice =
        new DeviceFunction(backend, DataType.FLOAT32, function.kernelName(), 1);
    float[] actual = onDevice.of(x);
    for (int i = 0; i < x.length; i++) {
      check(function.of(x[i]), actual[i], function.kernelName(), x[i], 0);
    }
  }

  @Test
  void powersOfFloatsHaveTheBitsOfJava() {
    DeviceFunction pow = new DeviceFunction(backend, DataType.FLOAT32, "exact_pow", 2);
    float[] x = new float[SPECIAL.length * SPECIAL.length * 4];
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      float base = SPECIAL[i / 4 % SPECIAL.length];
      float exponent = SPECIAL[i / 4 / SPECIAL.length];
      x[i] = isFlushed(base) ? 0 : i % 2 == 0 ? base : -base;
      y[i] = isFlushed(exponent) ? 0 : i % 4 < 2 ? exponent : -exponent;
    }
    check(pow, x, y);
    int chunks = TestDevices.isSimulator() ? 1 : TestDevices.openCl().equals("pocl") ? 10 : 2;
    for (int chunk = 0; chunk < chunks; chunk++) {
      x = spread(TestDevices.isSimulator() ? 12 : 20);
      y = new float[x.length];
      for (int i = 0; i < x.length; i++) {
        y[i] = exponent(x[i]);
      }
      check(pow, x, y);
    }
  }

  /** One that gives a finite power, mostly. */
  private float exponent(float x) {
    int whole = random.nextInt(-9, 10);
    boolean plain = x <= 0 || !Float.isFinite(x) || x == 1 || random.nextInt(4) == 0;
    return plain ? whole : (float) ((random.nextDouble() - 0.5) * 400 / Math.log(x));
  }

  private void check(DeviceFunction pow, float[] x, float[] y) {
    float[] actual = pow.of(x, y);
    for (int i = 0; i < x.length; i++) {
      check(ExactMath.pow(x[i], y[i]), actual[i], "exact_pow", x[i], y[i]);
    }
  }

  private void check(float expected, float actual, String function, float x, float y) {
    if (!isFlushed(expected) && Float.floatToIntBits(expected) != Float.floatToIntBits(actual)) {
      assertEquals(
          Float.toHexString(expected),
          Float.toHexString(actual),
          "%s of %a, %a, seed %d".formatted(function, x, y, SEED));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"exact_exp", "exact_log", "exact_sigmoid", "exact_sqrt", "exact_pow"})
  void functionsOfDoublesHaveTheBitsOfJava(String function) {
    Assumptions.assumeTrue(backend.profile().hasDouble(), "the device has no fp64");
    int count = TestDevices.isSimulator() ? 1 << 11 : 1 << 20;
    double[] x = new double[count];
    double[] y = new double[count];
    for (int i = 0; i < count; i++) {
      boolean special = i < SPECIAL.length * SPECIAL.length;
      double any = Double.longBitsToDouble(random.nextLong());
      double near = (random.nextDouble() - 0.5) * 1600;
      x[i] = special ? SPECIAL[i % SPECIAL.length] : i % 2 == 0 ? any : near;
      y[i] = special ? SPECIAL[i / SPECIAL.length] : random.nextInt(-9, 10);
      if (!special && x[i] > 0 && i % 4 < 3) {
        y[i] = (random.nextDouble() - 0.5) * 3000 / Math.log(x[i]);
      }
    }
    int arguments = function.equals("exact_pow") ? 2 : 1;
    DeviceFunction onDevice = new DeviceFunction(backend, DataType.FLOAT64, function, arguments);
    double[] actual = arguments == 2 ? onDevice.of(x, y) : onDevice.of(x);
    for (int i = 0; i < count; i++) {
      double expected =
          switch (function) {
            case "exact_exp" -> ExactMath.exp(x[i]);
            case "exact_log" -> ExactMath.log(x[i]);
            case "exact_sigmoid" -> ExactMath.sigmoid(x[i]);
            case "exact_sqrt" -> ExactMath.sqrt(x[i]);
            default -> ExactMath.pow(x[i], y[i]);
          };
      if (Double.doubleToLongBits(expected) != Double.doubleToLongBits(actual[i])) {
        assertEquals(
            Double.toHexString(expected),
            Double.toHexString(actual[i]),
            "%s of %a, %a, seed %d".formatted(function, x[i], y[i], SEED));
      }
    }
  }
}
