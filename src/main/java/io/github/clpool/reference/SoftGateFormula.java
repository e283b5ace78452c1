package io.github.clpool.reference;

import io.github.clpool.exact.Precision;

/** {@code 12 * sigmoid(z)}. docs/semantics.md, section 5, importance(). Stateless. */
public final class SoftGateFormula {
  private SoftGateFormula() {}

  /**
   * The gate.
   *
   * @param z the input
   * @param precision the computing type
   * @return the output
   */
  public static double gate(double z, Precision precision) {
    return precision.round(12 * precision.sigmoid(z));
  }

  /**
   * The gradient of the input.
   *
   * @param z the input
   * @param g the output's gradient
   * @param precision the computing type
   * @return the gradient before +0 is added
   */
  public static double gradient(double z, double g, Precision precision) {
    double s = precision.sigmoid(z);
    double slope = precision.round(precision.round(g * 12) * s);
    return precision.round(slope * precision.round(1 - s));
  }
}
