package io.github.clpool.reference;

import io.github.clpool.backend.Arguments;
import io.github.clpool.exact.Precision;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Divisor;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Places;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;

/** Average, and sum as the average that divides by nothing. docs/semantics.md, 2.2 and 5. */
record ReferenceAvgPool(Divisor divisor) implements ReferencePool {
  static ReferenceAvgPool of(Operator operator) {
    return new ReferenceAvgPool(((Pool) operator).divisor());
  }

  @Override
  public void run(Problem problem, Places places, Arguments arguments) {
    Precision precision = Cells.precision(problem.type());
    double[] divisors =
        divisors(divisor, ((Pool) problem.operator()).geometry(problem.input()), precision);
    Cells.forEachPlane(
        problem.input(),
        (n, c) -> {
          Geometry geometry = places.of(n, c);
          if (problem.direction() == Direction.FORWARD) {
            Cells x = Cells.plane(arguments.get(Role.INPUT), n, c);
            Cells y = Cells.plane(arguments.get(Role.OUTPUT), n, c);
            Region.forEachOutput(
                geometry,
                (output, region) -> {
                  double sum = region.sum(x::get, precision);
                  double mean = divide(sum, divisors, output, precision);
                  y.set(output, region.count() == 0 ? 0.0 : mean);
                });
          } else {
            Cells g = Cells.plane(arguments.get(Role.GRAD_OUTPUT), n, c);
            Cells dx = Cells.plane(arguments.get(Role.GRAD_INPUT), n, c);
            Region.forEachCell(
                geometry,
                (cell, covers) -> {
                  double sum =
                      covers.sum(
                          output -> divide(g.get(output), divisors, output, precision), precision);
                  dx.setGradient(cell, sum, problem.accumulate());
                });
          }
        });
  }

  private double divide(double value, double[] divisors, int output, Precision precision) {
    return divisor == Divisor.NONE ? value : precision.round(value / divisors[output]);
  }

  /** What sums are divided by; how many cells a region has does not depend on where it lies. */
  static double[] divisors(Divisor divisor, Geometry geometry, Precision precision) {
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
    return divisors;
  }
}
