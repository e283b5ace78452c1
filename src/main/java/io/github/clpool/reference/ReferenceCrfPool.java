package io.github.clpool.reference;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Computation;
import io.github.clpool.exact.Precision;
import io.github.clpool.op.CrfPool;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Problem;

/** Pooling of graphs by a conditional random field. docs/semantics.md, section 6. */
record ReferenceCrfPool(CrfPool operator) implements ReferenceImplementation {
  @Override
  public Computation plan(Problem problem, Void device) {
    return arguments -> run(problem, arguments);
  }

  private void run(Problem problem, Arguments arguments) {
    MeanField field = new MeanField(operator, Precision.of(problem.type()), arguments);
    if (problem.direction() == Direction.FORWARD) {
      field.pool();
    } else {
      new MeanFieldGradient(field, arguments, problem.accumulate()).run();
    }
  }
}
