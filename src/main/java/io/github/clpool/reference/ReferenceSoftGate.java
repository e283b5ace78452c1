package io.github.clpool.reference;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Computation;
import io.github.clpool.exact.Precision;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;

/** {@code 12 * sigmoid(z)}, element by element. docs/semantics.md, section 5, importance(). */
record ReferenceSoftGate() implements ReferenceImplementation {
  @Override
  public Computation plan(Problem problem, Void device) {
    return arguments -> run(problem, arguments);
  }

  private static void run(Problem problem, Arguments arguments) {
    Precision precision = problem.precision();
    Cells z = Cells.array(arguments.get(Role.INPUT));
    for (int i = 0; i < problem.input().elements(); i++) {
      double s = precision.sigmoid(z.get(i));
      if (problem.direction() == Direction.FORWARD) {
        Cells.array(arguments.get(Role.OUTPUT)).set(i, precision.round(12 * s));
      } else {
        double g = Cells.array(arguments.get(Role.GRAD_OUTPUT)).get(i);
        double slope = precision.round(precision.round(g * 12) * s);
        double dz = precision.round(slope * precision.round(1 - s));
        Cells.array(arguments.get(Role.GRAD_INPUT)).setGradient(i, dz, problem.accumulate());
      }
    }
  }
}
