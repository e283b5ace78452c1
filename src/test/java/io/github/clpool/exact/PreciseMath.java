package io.github.clpool.exact;

import java.math.BigDecimal;
import java.math.MathContext;

/** Exponentials and logarithms to 40 digits and more: what double results are compared with. */
final class PreciseMath {
  static final MathContext DIGITS = new MathContext(60);
  private static final BigDecimal ENOUGH = BigDecimal.ONE.movePointLeft(58);
  private static final int HALVINGS = 8;
  private static final BigDecimal LN_2 = ln2();

  private PreciseMath() {}

  /** 2 artanh(1/3) by its series. */
  private static BigDecimal ln2() {
    BigDecimal sum = BigDecimal.ZERO;
    BigDecimal power = new BigDecimal(2).divide(new BigDecimal(3), DIGITS);
    for (int i = 1; power.compareTo(ENOUGH) > 0; i += 2) {
      sum = sum.add(power.divide(new BigDecimal(i), DIGITS), DIGITS);
      power = power.divide(new BigDecimal(9), DIGITS);
    }
    return sum;
  }

  /** By e^x = 2^k * (e^((x - k ln 2) / 2^8))^(2^8) and the series of the exponential. */
  static BigDecimal exp(BigDecimal x) {
    int k = (int) Math.rint(x.doubleValue() / Math.log(2));
    BigDecimal rest = x.subtract(LN_2.multiply(new BigDecimal(k)), DIGITS);
    BigDecimal small = rest.divide(new BigDecimal(1 << HALVINGS), DIGITS);
    BigDecimal term = BigDecimal.ONE;
    BigDecimal sum = BigDecimal.ONE;
    for (int i = 1; term.abs().compareTo(ENOUGH) > 0; i++) {
      term = term.multiply(small, DIGITS).divide(new BigDecimal(i), DIGITS);
      sum = sum.add(term, DIGITS);
    }
    for (int i = 0; i < HALVINGS; i++) {
      sum = sum.multiply(sum, DIGITS);
    }
    return sum.multiply(new BigDecimal(2).pow(k, DIGITS), DIGITS);
  }

  /** By Halley's steps from a double: each triples the digits. */
  static BigDecimal log(BigDecimal x) {
    BigDecimal y = new BigDecimal(Math.log(x.doubleValue()));
    for (int i = 0; i < 2; i++) {
      BigDecimal e = exp(y);
      BigDecimal step = x.subtract(e).divide(x.add(e), DIGITS);
      y = y.add(step.multiply(new BigDecimal(2)), DIGITS);
    }
    return y;
  }

  static BigDecimal pow(BigDecimal x, BigDecimal y) {
    return exp(y.multiply(log(x), DIGITS));
  }

  static BigDecimal sigmoid(BigDecimal x) {
    return BigDecimal.ONE.divide(BigDecimal.ONE.add(exp(x.negate())), DIGITS);
  }
}
