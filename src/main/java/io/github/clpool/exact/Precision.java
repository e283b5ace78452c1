package io.github.clpool.exact;

/**
 * The computing type, as a rounding after each operation: float arithmetic done in double and
 * rounded is exactly float arithmetic for {@code + - * /} and {@code sqrt}. Immutable.
 */
public enum Precision {
  /** Every result is rounded to float. */
  FLOAT {
    @Override
    public double round(double value) {
      return (float) value;
    }
  },
  /** Every result is a double as it is. */
  DOUBLE {
    @Override
    public double round(double value) {
      return value;
    }
  };

  /**
   * Rounds the exact or double result of one operation.
   *
   * @param value the result
   * @return the nearest number of the computing type
   */
  public abstract double round(double value);
}
