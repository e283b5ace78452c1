package io.github.clpool.reference;

import io.github.clpool.backend.Arguments;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Divisor;
import io.github.clpool.op.Places;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;

/** Maximum and average mixed, plane by plane. docs/semantics.md, section 5. */
interface ReferenceMix extends ReferencePool {
  /** What the sums of averages are divided by. */
  Divisor divisor();

  void forward(MixPlane plane);

  void backward(MixPlane plane);

  @Override
  default void run(Problem problem, Places places, Arguments arguments) {
    Weights weights = problem.has(Role.WEIGHTS) ? Weights.of(problem, arguments) : null;
    Cells.forEachPlane(
        problem.input(),
        (n, c) -> {
          MixPlane plane =
              new MixPlane(problem, places.of(n, c), divisor(), arguments, weights, n, c);
          if (problem.direction() == Direction.FORWARD) {
            forward(plane);
          } else {
            backward(plane);
          }
        });
    if (problem.has(Role.GRAD_WEIGHTS)) {
      weights.storeGradient(Cells.array(arguments.get(Role.GRAD_WEIGHTS)));
    }
  }
}
