package io.github.clpool.reference;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Computation;
import io.github.clpool.exact.Precision;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;

/** {@link SoftGateFormula}, element by element. */
record ReferenceSoftGate() implements ReferenceImplementation {
  @Override
  public Computation plan(Problem problem, Void device) {
    return arguments -> run(problem, arguments);
  }

  private static void run(Problem problem, Arguments arguments) {
    Precision precision = Precision.of(problem.type());
    Cells z = Cells.array(arguments.get(Role.INPUT));
    for (int i = 0; i < problem.input().elements(); i++) {
      if (problem.direction() == Direction.FORWARD) {
        Cells y = Cells.array(arguments.get(Role.OUTPUT));
        y.set(i, SoftGateFormula.gate(z.get(i), precision));
      } else {
        double g = Cells.array(arguments.get(Role.GRAD_OUTPUT)).get(i);
        double dz = SoftGateFormula.gradient(z.get(i), g, precision);
        Cells.array(arguments.get(Role.GRAD_INPUT)).setGradient(i, dz, problem.accumulate());
      }
    }
  }
}
