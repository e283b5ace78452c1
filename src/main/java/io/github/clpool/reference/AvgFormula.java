package io.github.clpool.reference;

import io.github.clpool.exact.Precision;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import java.util.function.IntToDoubleFunction;

/**
 * Average, and sum as the average that divides by nothing. docs/semantics.md, 2.2 and 5.
 *
 * @param divisors what the sum of each output is divided by
 * @param precision the computing type
 */
record AvgFormula(Divisors divisors, Precision precision) implements Formula {
  static AvgFormula of(Problem problem) {
    return new AvgFormula(Divisors.of(problem), Precision.of(problem.type()));
  }

  @Override
  public void forward(Plane plane) {
    IntToDoubleFunction x = plane.numbers(Role.INPUT);
    double[] y = new double[plane.outputs()];
    plane.forEachOutput(
        (output, region) ->
            y[output] = region.isEmpty() ? 0 : divisors.divide(region.sum(x), output));
    plane.store(Role.OUTPUT, plane.c(), y);
  }

  @Override
  public void backward(Plane plane) {
    double[] given = divisors.given(plane.outputs(), plane.numbers(Role.GRAD_OUTPUT));
    plane.storeGradient(Role.GRAD_INPUT, (cell, covers) -> covers.sum(output -> given[output]));
  }
}
