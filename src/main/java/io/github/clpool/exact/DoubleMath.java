package io.github.clpool.exact;

/**
 * Functions of doubles. Stateless. Twin of {@code opencl/lib/exact_math.clh}, which tells how they
 * work, and of {@link FloatMath}.
 */
final class DoubleMath {
  private static final int SIGNIFICAND_BITS = 52;
  private static final long EXPONENT_BIAS = 1023;
  private static final long SIGNIFICAND = 0x000fffffffffffffL;
  private static final long ROOT_OF_HALF = 0x3fe6a09e667f3bcdL; // its bits
  private static final long HIGH_PART = -1L << 27;
  private static final double ROUND_NEGATIVE = 0x1.8p52 + (1023 + 64);
  private static final double ROUND_POSITIVE = 0x1.8p52 + (1023 - 64);
  private static final double EXP_LOWEST = -746;
  private static final double EXP_HIGHEST = 710;
  private static final double LOG2_E = 0x1.71547652b82fep0;
  private static final double LN_2 = 0x1.62e42fefa39efp-1;
  private static final double LN_2_HIGH = 0x1.62e42fefa4p-1;
  private static final double LN_2_LOW = -0x1.8432a1b0e2634p-43;
  private static final double LN_2_SHORT = 0x1.62e43p-1;
  private static final double LN_2_REST = -0x1.05c610ca86c39p-29;
  private static final double TWO_THIRDS_LOG2_E = 0x1.ec709dc3a03fdp-1;
  private static final double TWO_THIRDS_LOG2_E_SHORT = 0x1.ec709ep-1;
  private static final double TWO_THIRDS_LOG2_E_REST = -0x1.e2fe0145b01f5p-28;
  private static final double LARGEST_POWER = 0x1p65;
  private static final double POW_LOWEST = -1076;
  private static final double POW_HIGHEST = 1025;

  private DoubleMath() {}

  private static double expOfSum(double high, double low) {
    double r = high + low;
    double p =
        0x1p-1
            + r
                * (0x1.555555555555bp-3
                    + r
                        * (0x1.555555555555dp-5
                            + r
                                * (0x1.111111110ec68p-7
                                    + r
                                        * (0x1.6c16c16c1369ap-10
                                            + r
                                                * (0x1.a01a01b383048p-13
                                                    + r
                                                        * (0x1.a01a01b41af76p-16
                                                            + r
                                                                * (0x1.71ddf0076f614p-19
                                                                    + r
                                                                        * (0x1.27e4bf8ea5509p-22
                                                                            + r
                                                                                * (0x1.af6c22fac0a97p-26
                                                                                    + r
                                                                                        * 0x1.1f9d7caac2a5cp-29)))))))));
    double sum = 1 + high;
    return sum + (((1 - sum) + high) + ((r * r) * p + low));
  }

  private static double scale(double y, double rounded, boolean negative) {
    double power = Double.longBitsToDouble(Double.doubleToRawLongBits(rounded) << SIGNIFICAND_BITS);
    return (y * power) * (negative ? 0x1p-64 : 0x1p64);
  }

  static double exp(double x) {
    double within = Math.min(Math.max(x, EXP_LOWEST), EXP_HIGHEST);
    double rounder = within < 0 ? ROUND_NEGATIVE : ROUND_POSITIVE;
    double rounded = within * LOG2_E + rounder;
    double k = rounded - rounder;
    return scale(expOfSum(within - k * LN_2_HIGH, -(k * LN_2_LOW)), rounded, within < 0);
  }

  static double sigmoid(double x) {
    double t = exp(-Math.abs(x));
    double rest = t / (1 + t);
    return x >= 0 ? 1 / (1 + t) : t < 0.25 ? t - t * rest : rest;
  }

  private static long splitBits(double x) {
    long bits = Double.doubleToRawLongBits(x);
    if (bits <= SIGNIFICAND) {
      long exponent = EXPONENT_BIAS + SIGNIFICAND_BITS - 1;
      bits = Double.doubleToRawLongBits((double) bits) - (exponent << SIGNIFICAND_BITS);
    }
    return bits + ((EXPONENT_BIAS << SIGNIFICAND_BITS) - ROOT_OF_HALF);
  }

  private static double exponentOf(long split) {
    return (split >> SIGNIFICAND_BITS) - EXPONENT_BIAS;
  }

  private static double significandOf(long split) {
    return Double.longBitsToDouble((split & SIGNIFICAND) + ROOT_OF_HALF);
  }

  static double log(double x) {
    if (!(x > 0)) {
      return x == 0 ? Double.NEGATIVE_INFINITY : Double.NaN;
    }
    if (x == Double.POSITIVE_INFINITY) {
      return x;
    }
    long split = splitBits(x);
    double k = exponentOf(split);
    double f = significandOf(split) - 1;
    double s = f / (2 + f);
    double z = s * s;
    double rest =
        z
            * (0x1.555555555558fp-1
                + z
                    * (0x1.9999999980874p-2
                        + z
                            * (0x1.24924941831dap-2
                                + z
                                    * (0x1.c71c524b3c6e4p-3
                                        + z
                                            * (0x1.746635089140cp-3
                                                + z
                                                    * (0x1.39a26e7a4d2a6p-3
                                                        + z * 0x1.2f00c5537732ep-3))))));
    double halfSquare = (0.5 * f) * f;
    return k * LN_2_HIGH - ((halfSquare - (s * (halfSquare + rest) + k * LN_2_LOW)) - f);
  }

  private static double highPart(double x) {
    return Double.longBitsToDouble(Double.doubleToRawLongBits(x) & HIGH_PART);
  }

  /** Of a positive, finite number. */
  static double powOfPositive(double x, double exponent) {
    double y = Math.min(Math.max(exponent, -LARGEST_POWER), LARGEST_POWER);
    long split = splitBits(x);
    double k = exponentOf(split);
    double m = significandOf(split);

    double f = m - 1;
    double reciprocal = 1 / (m + 1);
    double s = f * reciprocal;
    double sHigh = highPart(s);
    double dHigh = highPart(m + 1);
    double dLow = m - (dHigh - 1);
    double sLow = reciprocal * ((f - sHigh * dHigh) - sHigh * dLow);

    double z = s * s;
    double square = sHigh * sHigh;
    double p =
        0x1.3333333333331p-1
            + z
                * (0x1.b6db6db6dc53fp-2
                    + z
                        * (0x1.55555554464ddp-2
                            + z
                                * (0x1.1745d21674a31p-2
                                    + z
                                        * (0x1.d89d1b0cb6d69p-3
                                            + z
                                                * (0x1.99b0268204c09p-3
                                                    + z
                                                        * (0x1.66b6ef7de00ccp-3
                                                            + z * 0x1.6fd38b1cbd669p-3))))));
    double rest = (z * z) * p + sLow * (sHigh + s);
    double tHigh = highPart((3 + square) + rest);
    double tLow = rest - ((tHigh - 3) - square);

    double u = sHigh * tHigh;
    double v = sLow * tHigh + tLow * s;
    double pHigh = highPart(u + v);
    double pLow = v - (pHigh - u);

    double high = TWO_THIRDS_LOG2_E_SHORT * pHigh;
    double low = TWO_THIRDS_LOG2_E_REST * pHigh + pLow * TWO_THIRDS_LOG2_E;
    double logHigh = highPart((high + low) + k);
    double logLow = low - ((logHigh - k) - high);

    double yHigh = highPart(y);
    double productHigh = yHigh * logHigh;
    double productLow = (y - yHigh) * logHigh + y * logLow;
    double product = productHigh + productLow;
    if (product > POW_HIGHEST) {
      return Double.POSITIVE_INFINITY;
    }
    if (product < POW_LOWEST) {
      return 0;
    }

    double rounder = product < 0 ? ROUND_NEGATIVE : ROUND_POSITIVE;
    double rounded = product + rounder;
    double fraction = productHigh - (rounded - rounder);
    double tailHigh = highPart(fraction + productLow);
    double tailLow = productLow - (tailHigh - fraction);
    double sum = expOfSum(tailHigh * LN_2_SHORT, tailLow * LN_2 + tailHigh * LN_2_REST);
    return scale(sum, rounded, product < 0);
  }

  static double pow(double x, double y) {
    return Pow.of(x, y, false);
  }
}
