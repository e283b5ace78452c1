package io.github.clpool.reference;

import io.github.clpool.backend.Computation;
import io.github.clpool.backend.Implementation;
import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Problem;

/** Takes every problem of its operator. */
interface ReferenceImplementation extends Implementation<Void, Computation> {
  @Override
  default String name() {
    return "reference";
  }

  @Override
  default Verdict accepts(Problem problem, Void device) {
    return accept("takes everything");
  }
}
