package io.github.clpool.opencl.device;

import java.util.SplittableRandom;

/**
 * Operands on which arithmetic goes wrong where it goes wrong at all: quotients and roots next to
 * the middle of two floats, ties and subnormals among them, sums that cancel, special values.
 * Always the same for a seed.
 */
public final class SelfTestCases {
  public static final int COUNT = 4096;

  private static final int FUNCTION_COUNT = 1024;

  private static final float[] SPECIAL = {
    0f,
    -0f,
    1f,
    -3f,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    Float.MIN_NORMAL,
    Math.nextDown(Float.MIN_NORMAL),
    Float.MAX_VALUE,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN
  };

  private static final long SEED = 754;

  private final SplittableRandom random;

  private SelfTestCases(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** Operands a, b and c. */
  public static float[][] floats() {
    return floats(SEED, COUNT);
  }

  /** Others of the same kinds, or more of them. */
  public static float[][] floats(long seed, int count) {
    return new SelfTestCases(seed).makeFloats(count);
  }

  /** The same for double, at random and of every magnitude. */
  static double[][] doubles() {
    return new SelfTestCases(SEED).makeDoubles();
  }

  /** Operands a and b of functions: special ones, and such that results are finite. */
  static double[][] functionOperands() {
    return new SelfTestCases(SEED).makeFunctionOperands();
  }

  /** The bits of halves, so many at equal steps. */
  static short[] halves(int count) {
    short[] halves = new short[count];
    for (int i = 0; i < count; i++) {
      halves[i] = (short) (i * ((1 << 16) / count));
    }
    return halves;
  }

  private double[][] makeFunctionOperands() {
    double[][] ab = new double[2][FUNCTION_COUNT];
    int pairs = SPECIAL.length * SPECIAL.length;
    for (int i = 0; i < FUNCTION_COUNT; i++) {
      boolean special = i < pairs;
      float exponent = random.nextInt(-104 << 10, 89 << 10) * 0x1p-10f;
      float base = i % 2 == 0 ? exponent : Math.abs(i % 4 == 1 ? finite() : scaled(-4, 4));
      ab[0][i] = special ? SPECIAL[i / SPECIAL.length] : base;
      ab[1][i] =
          special ? SPECIAL[i % SPECIAL.length] : random.nextInt(-20 << 10, 20 << 10) * 0x1p-10f;
    }
    return ab;
  }

  private float[][] makeFloats(int count) {
    float[][] abc = new float[3][count];
    int pairs = SPECIAL.length * SPECIAL.length;
    for (int i = 0; i < count; i++) {
      float[] one =
          i < pairs
              ? new float[] {SPECIAL[i / SPECIAL.length], SPECIAL[i % SPECIAL.length], finite()}
              : one(i % 8);
      for (int operand = 0; operand < 3; operand++) {
        abc[operand][i] = one[operand];
      }
    }
    return abc;
  }

  private float[] one(int family) {
    switch (family) {
      case 0: // anything
        return new float[] {finite(), finite(), finite()};
      case 1: // a quotient next to the middle of two floats
        float divisor = scaled(0, 0);
        return new float[] {(float) (middle() * divisor), divisor, scaled(-4, 4)};
      case 2: // a subnormal quotient
        int exponent = random.nextInt(-126, -100);
        return new float[] {
          scaled(exponent, exponent), scaled(exponent + 127, exponent + 151), scaled(-126, -110)
        };
      case 3: // a subnormal quotient in the very middle of two floats
        int shift = random.nextInt(1, 12);
        int odd = random.nextInt(1 << 22) * 2 + 1;
        float dividend = Math.scalb((float) odd, shift - 1 - 149);
        return new float[] {dividend, Math.scalb(1f, shift), -dividend};
      case 4: // subnormal operands
        return new float[] {
          subnormal(), random.nextBoolean() ? subnormal() : finite(), subnormal()
        };
      case 5: // a root next to the middle of two floats
        double root = middle();
        float square = Math.scalb((float) (root * root), 2 * random.nextInt(-60, 60));
        return new float[] {square, scaled(-20, 20), scaled(-20, 20)};
      case 6: // a sum that cancels all but the rounding error of the product
        float left = scaled(-20, 20);
        float right = scaled(-20, 20);
        return new float[] {left, right, -(left * right)};
      default: // a product next to the subnormals
        float small = scaled(-75, -50);
        float other = scaled(-75, -50);
        return new float[] {small, other, random.nextBoolean() ? subnormal() : -(small * other)};
    }
  }

  private double[][] makeDoubles() {
    double[][] abc = new double[3][COUNT];
    float[][] floats = makeFloats(COUNT);
    for (int operand = 0; operand < 3; operand++) {
      for (int i = 0; i < COUNT; i++) {
        boolean narrow = i < SPECIAL.length * SPECIAL.length;
        double any = Double.longBitsToDouble(random.nextLong());
        double near = Math.scalb(1 + random.nextDouble(), random.nextInt(-30, 30));
        double low = Math.scalb(1 + random.nextDouble(), random.nextInt(-1060, -480));
        double wide = i % 3 == 0 ? any : i % 3 == 1 ? near : low;
        abc[operand][i] = narrow ? floats[operand][i] : wide;
      }
    }
    return abc;
  }

  private float finite() {
    float any = Float.intBitsToFloat(random.nextInt());
    return Float.isFinite(any) ? any : 1.5f;
  }

  private float subnormal() {
    float magnitude = Float.intBitsToFloat(random.nextInt(1, 1 << 23));
    return random.nextBoolean() ? magnitude : -magnitude;
  }

  /** A number in [1, 2) with 25 bits, the last one set: midway between two floats. */
  private double middle() {
    return 1 + (random.nextInt(1 << 23) * 2 + 1) * 0x1p-24;
  }

  private float scaled(int lowest, int highest) {
    float significand = Float.intBitsToFloat(0x3f800000 | random.nextInt(1 << 23));
    return Math.scalb(significand, random.nextInt(lowest, highest + 1));
  }
}
