package io.github.clpool.cpu;

import io.github.clpool.backend.Computation;
import io.github.clpool.backend.Implementation;
import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Problem;

/** Takes every problem of its operator. */
interface DirectImplementation extends Implementation<Parallel, Computation> {
  @Override
  default String name() {
    return "direct";
  }

  @Override
  default Verdict accepts(Problem problem, Parallel device) {
    return accept("takes everything");
  }
}
