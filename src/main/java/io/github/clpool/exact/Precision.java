package io.github.clpool.exact;

import io.github.clpool.tensor.DataType;

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

    @Override
    public double exp(double x) {
      return ExactMath.exp((float) x);
    }

    @Override
    public double log(double x) {
      return ExactMath.log((float) x);
    }

    @Override
    public double pow(double x, double y) {
      return ExactMath.pow((float) x, (float) y);
    }

    @Override
    public double sigmoid(double x) {
      return ExactMath.sigmoid((float) x);
    }
  },
  /** Every result is a double as it is. */
  DOUBLE {
    @Override
    public double round(double value) {
      return value;
    }

    @Override
    public double exp(double x) {
      return ExactMath.exp(x);
    }

    @Override
    public double log(double x) {
      return ExactMath.log(x);
    }

    @Override
    public double pow(double x, double y) {
      return ExactMath.pow(x, y);
    }

    @Override
    public double sigmoid(double x) {
      return ExactMath.sigmoid(x);
    }
  };

  /**
   * What cells of a type are computed in.
   *
   * @param type the type
   * @return double for doubles and for 8-bit integers, whose sums and quotients it has exactly
   *     enough, else float
   */
  public static Precision of(DataType type) {
    return type.isByte() ? DOUBLE : ofPlaces(type);
  }

  /**
   * What places in planes of a type are computed in.
   *
   * @param type the type
   * @return double for doubles, else float
   */
  public static Precision ofPlaces(DataType type) {
    return type == DataType.FLOAT64 ? DOUBLE : FLOAT;
  }

  /**
   * Rounds the exact or double result of one operation.
   *
   * @param value the result
   * @return the nearest number of the computing type
   */
  public abstract double round(double value);

  /**
   * {@link ExactMath}'s exponential.
   *
   * @param x a number of the computing type
   * @return e^x
   */
  public abstract double exp(double x);

  /**
   * {@link ExactMath}'s logarithm.
   *
   * @param x a number of the computing type
   * @return the natural logarithm
   */
  public abstract double log(double x);

  /**
   * {@link ExactMath}'s power.
   *
   * @param x a number of the computing type
   * @param y another
   * @return x^y
   */
  public abstract double pow(double x, double y);

  /**
   * {@link ExactMath}'s logistic function.
   *
   * @param x a number of the computing type
   * @return 1 / (1 + e^-x)
   */
  public abstract double sigmoid(double x);
}
