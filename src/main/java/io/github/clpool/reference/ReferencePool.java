package io.github.clpool.reference;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Computation;
import io.github.clpool.op.Places;
import io.github.clpool.op.Problem;

/** A reduction over regions: its formula for one plane after the other. */
record ReferencePool() implements ReferenceImplementation {
  @Override
  public Computation plan(Problem problem, Void device) {
    Formula formula = Formula.of(problem);
    return arguments -> run(problem, formula, arguments);
  }

  private static void run(Problem problem, Formula formula, Arguments arguments) {
    Places places = problem.pool().regions().places(problem, arguments::get, arguments::randomKey);
    Weights weights = Weights.of(problem, arguments);
    Cells.forEachPlane(
        problem.input(),
        (n, c) ->
            formula.run(
                new ReferencePlane(
                    problem, places.of(n, c), arguments, weights, (int) n, (int) c)));
    weights.storeGradient(arguments);
  }
}
