package io.github.clpool.reference;

import io.github.clpool.exact.Precision;
import io.github.clpool.op.Divisor;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Problem;

/**
 * What the sums of a plane's outputs are divided by; how many cells a region has does not depend on
 * where it lies.
 */
record Divisors(boolean divides, double[] ofOutputs, Precision precision) {
  static Divisors of(Problem problem) {
    Divisor divisor = problem.pool().divisor();
    Geometry geometry = problem.pool().geometry(problem.input());
    Precision precision = problem.precision();
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
    return new Divisors(divisor.kind() != Divisor.Kind.NONE, divisors, precision);
  }

  double divide(double value, int output) {
    return divides ? precision.round(value / ofOutputs[output]) : value;
  }
}
