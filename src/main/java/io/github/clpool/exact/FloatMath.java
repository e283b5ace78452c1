package io.github.clpool.exact;

/**
 * Functions of floats by float operations only, since not every device has more. Stateless. Twin of
 * {@code opencl/lib/exact_math.clh}, which tells how they work, and of {@link DoubleMath}: steps
 * are the same, but constants and the lengths of polynomials are not, and Java has no type
 * parameter for primitive types.
 */
final class FloatMath {
  private static final int SIGNIFICAND_BITS = 23;
  private static final int EXPONENT_BIAS = 127;
  private static final int SIGNIFICAND = 0x007fffff;
  private static final int ROOT_OF_HALF = 0x3f3504f3; // its bits
  private static final int HIGH_PART = -1 << 12;
  private static final float ROUND_NEGATIVE = 0x1.8p23f + (127 + 64);
  private static final float ROUND_POSITIVE = 0x1.8p23f + (127 - 64);
  static final float EXP_LOWEST = -104f;
  private static final float EXP_HIGHEST = 89f;
  private static final float LOG2_E = 0x1.715476p0f;
  private static final float LN_2 = 0x1.62e43p-1f;
  private static final float LN_2_HIGH = 0x1.62e4p-1f;
  private static final float LN_2_LOW = 0x1.7f7d1cp-20f;
  private static final float LN_2_SHORT = 0x1.62ep-1f;
  private static final float LN_2_REST = 0x1.0bfbe8p-15f;
  private static final float TWO_THIRDS_LOG2_E = 0x1.ec709ep-1f;
  private static final float TWO_THIRDS_LOG2_E_SHORT = 0x1.ec8p-1f;
  private static final float TWO_THIRDS_LOG2_E_REST = -0x1.ec478cp-14f;
  private static final float LARGEST_POWER = 0x1p32f;
  private static final float POW_LOWEST = -151f;
  private static final float POW_HIGHEST = 129f;

  private FloatMath() {}

  private static float expOfSum(float high, float low) {
    float r = high + low;
    float p =
        0x1p-1f
            + r
                * (0x1.55549p-3f
                    + r * (0x1.55546p-5f + r * (0x1.123b02p-7f + r * 0x1.6db376p-10f)));
    float sum = 1 + high;
    return sum + (((1 - sum) + high) + ((r * r) * p + low));
  }

  private static float scale(float y, float rounded, boolean negative) {
    float power = Float.intBitsToFloat(Float.floatToRawIntBits(rounded) << SIGNIFICAND_BITS);
    return (y * power) * (negative ? 0x1p-64f : 0x1p64f);
  }

  static float exp(float x) {
    float within = Math.min(Math.max(x, EXP_LOWEST), EXP_HIGHEST);
    float rounder = within < 0 ? ROUND_NEGATIVE : ROUND_POSITIVE;
    float rounded = within * LOG2_E + rounder;
    float k = rounded - rounder;
    return scale(expOfSum(within - k * LN_2_HIGH, -(k * LN_2_LOW)), rounded, within < 0);
  }

  /** In two loops: the compiler has vectors for the first, but moves bits one by one. */
  static void expsDownFromZero(float[] x, float[] results, int count) {
    for (int i = 0; i < count; i++) {
      float within = x[i];
      float k = (within * LOG2_E + ROUND_NEGATIVE) - ROUND_NEGATIVE;
      results[i] = expOfSum(within - k * LN_2_HIGH, -(k * LN_2_LOW));
    }
    for (int i = 0; i < count; i++) {
      results[i] = scale(results[i], x[i] * LOG2_E + ROUND_NEGATIVE, true);
    }
  }

  static float sigmoid(float x) {
    float t = exp(-Math.abs(x));
    float rest = t / (1 + t);
    return x >= 0 ? 1 / (1 + t) : t < 0.25f ? t - t * rest : rest;
  }

  private static int splitBits(float x) {
    int bits = Float.floatToRawIntBits(x);
    if (bits <= SIGNIFICAND) {
      int exponent = EXPONENT_BIAS + SIGNIFICAND_BITS - 1;
      bits = Float.floatToRawIntBits((float) bits) - (exponent << SIGNIFICAND_BITS);
    }
    return bits + ((EXPONENT_BIAS << SIGNIFICAND_BITS) - ROOT_OF_HALF);
  }

  private static float exponentOf(int split) {
    return (split >> SIGNIFICAND_BITS) - EXPONENT_BIAS;
  }

  private static float significandOf(int split) {
    return Float.intBitsToFloat((split & SIGNIFICAND) + ROOT_OF_HALF);
  }

  static float log(float x) {
    if (!(x > 0)) {
      return x == 0 ? Float.NEGATIVE_INFINITY : Float.NaN;
    }
    if (x == Float.POSITIVE_INFINITY) {
      return x;
    }
    int split = splitBits(x);
    float k = exponentOf(split);
    float f = significandOf(split) - 1;
    float s = f / (2 + f);
    float z = s * s;
    float rest = z * (0x1.55557ap-1f + z * (0x1.995ec8p-2f + z * 0x1.31e36p-2f));
    float halfSquare = (0.5f * f) * f;
    return k * LN_2_HIGH - ((halfSquare - (s * (halfSquare + rest) + k * LN_2_LOW)) - f);
  }

  private static float highPart(float x) {
    return Float.intBitsToFloat(Float.floatToRawIntBits(x) & HIGH_PART);
  }

  /** Of a positive, finite number. */
  static float powOfPositive(float x, float exponent) {
    float y = Math.min(Math.max(exponent, -LARGEST_POWER), LARGEST_POWER);
    int split = splitBits(x);
    float k = exponentOf(split);
    float m = significandOf(split);

    float f = m - 1;
    float reciprocal = 1 / (m + 1);
    float s = f * reciprocal;
    float sHigh = highPart(s);
    float dHigh = highPart(m + 1);
    float dLow = m - (dHigh - 1);
    float sLow = reciprocal * ((f - sHigh * dHigh) - sHigh * dLow);

    float z = s * s;
    float square = sHigh * sHigh;
    float p = 0x1.33338p-1f + z * (0x1.b67bcap-2f + z * 0x1.67b96cp-2f);
    float rest = (z * z) * p + sLow * (sHigh + s);
    float tHigh = highPart((3 + square) + rest);
    float tLow = rest - ((tHigh - 3) - square);

    float u = sHigh * tHigh;
    float v = sLow * tHigh + tLow * s;
    float pHigh = highPart(u + v);
    float pLow = v - (pHigh - u);

    float high = TWO_THIRDS_LOG2_E_SHORT * pHigh;
    float low = TWO_THIRDS_LOG2_E_REST * pHigh + pLow * TWO_THIRDS_LOG2_E;
    float logHigh = highPart((high + low) + k);
    float logLow = low - ((logHigh - k) - high);

    float yHigh = highPart(y);
    float productHigh = yHigh * logHigh;
    float productLow = (y - yHigh) * logHigh + y * logLow;
    float product = productHigh + productLow;
    if (product > POW_HIGHEST) {
      return Float.POSITIVE_INFINITY;
    }
    if (product < POW_LOWEST) {
      return 0;
    }

    float rounder = product < 0 ? ROUND_NEGATIVE : ROUND_POSITIVE;
    float rounded = product + rounder;
    float fraction = productHigh - (rounded - rounder);
    float tailHigh = highPart(fraction + productLow);
    float tailLow = productLow - (tailHigh - fraction);
    float sum = expOfSum(tailHigh * LN_2_SHORT, tailLow * LN_2 + tailHigh * LN_2_REST);
    return scale(sum, rounded, product < 0);
  }

  static float pow(float x, float y) {
    return (float) Pow.of(x, y, true);
  }
}
