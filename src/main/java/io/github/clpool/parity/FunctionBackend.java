package io.github.clpool.parity;

import io.github.clpool.backend.Backend;
import io.github.clpool.backend.Computation;
import io.github.clpool.backend.HeapBackend;
import io.github.clpool.backend.Implementation;
import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Problem;
import java.util.List;

/** A function of the user's own as a backend: it takes everything. Stateless. */
final class FunctionBackend implements Implementation<PoolFunction, Computation> {
  private FunctionBackend() {}

  static Backend of(PoolFunction function) {
    return new HeapBackend<>(
        "function", "the function", function, operator -> List.of(new FunctionBackend()));
  }

  @Override
  public String name() {
    return "function";
  }

  @Override
  public Verdict accepts(Problem problem, PoolFunction function) {
    return accept("the only one");
  }

  @Override
  public Computation plan(Problem problem, PoolFunction function) {
    return arguments -> function.compute(new FunctionCall(problem, arguments));
  }
}
