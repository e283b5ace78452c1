package io.github.clpool.cpu;

import io.github.clpool.backend.Computation;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Problem;
import io.github.clpool.reference.Formula;
import io.github.clpool.reference.SelectingFormula;

/**
 * Takes every reduction that selects a cell. The way of {@link DirectPool} would take almost twice
 * as long for outputs and up to ten times for gradients: here cells are taken in rows, and each
 * output's gradient goes to the cell that it selected.
 */
record DirectSelectPool() implements DirectImplementation {
  @Override
  public Computation plan(Problem problem, Parallel parallel) {
    SelectingFormula formula = (SelectingFormula) Formula.of(problem);
    Numbers<?> numbers = Numbers.of(problem.type());
    return problem.direction() == Direction.FORWARD
        ? new DirectSelect<>(problem, numbers, formula, parallel)
        : new DirectSelectGradient<>(problem, numbers, formula, parallel);
  }
}
