package io.github.clpool.reference;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Computation;
import io.github.clpool.op.Places;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Regions;

/** The readable implementation of one reduction over any regions. */
interface ReferencePool extends ReferenceImplementation {
  /** Computes one call, forward or backward. */
  void run(Problem problem, Places places, Arguments arguments);

  @Override
  default Computation plan(Problem problem, Void device) {
    Regions regions = ((Pool) problem.operator()).regions();
    return arguments ->
        run(problem, regions.places(problem, arguments::get, arguments::randomKey), arguments);
  }
}
