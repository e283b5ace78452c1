package io.github.clpool.reference;

import io.github.clpool.exact.Precision;
import io.github.clpool.op.Divisor;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Problem;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * What the sums of a plane's outputs are divided by; how many cells a region has does not depend on
 * where it lies.
 *
 * @param divides whether they are divided at all
 * @param ofOutputs the divisors, none if there is no division
 * @param precision the computing type
 */
record Divisors(boolean divides, double[] ofOutputs, Precision precision) {
  static Divisors of(Problem problem) {
    Divisor divisor = problem.pool().divisor();
    Precision precision = Precision.of(problem.type());
    if (divisor.kind() == Divisor.Kind.NONE) {
      return new Divisors(false, new double[0], precision);
    }
    Geometry geometry = problem.pool().geometry(problem.input());
    double[] divisors =
        new double
            [geometry.d().outputSize() * geometry.h().outputSize() * geometry.w().outputSize()];
    int output = 0;
    for (int od = 0; od < geometry.d().outputSize(); od++) {
      for (int oh = 0; oh < geometry.h().outputSize(); oh++) {
        for (int ow = 0; ow < geometry.w().outputSize(); ow++) {
          divisors[output++] = precision.round(divisor.of(geometry, od, oh, ow));
        }
      }
    }
    return new Divisors(true, divisors, precision);
  }

  double divide(double value, int output) {
    return divides ? precision.round(value / ofOutputs[output]) : value;
  }

  /** What outputs with some gradients give to each of their cells. */
  double[] given(int outputs, IntToDoubleFunction g) {
    double[] given = new double[outputs];
    Arrays.setAll(given, output -> divide(g.applyAsDouble(output), output));
    return given;
  }
}
