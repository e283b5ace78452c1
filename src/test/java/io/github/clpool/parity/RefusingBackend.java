package io.github.clpool.parity;

import io.github.clpool.Pooling;
import io.github.clpool.TestPooling;
import io.github.clpool.backend.Computation;
import io.github.clpool.backend.HeapBackend;
import io.github.clpool.backend.Implementation;
import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Problem;
import java.util.List;

/** Takes no call. */
final class RefusingBackend implements Implementation<Void, Computation> {
  static Pooling open() {
    return TestPooling.of(
        new HeapBackend<Void>("refusing", "JVM", null, operator -> List.of(new RefusingBackend())));
  }

  @Override
  public String name() {
    return "refuses all";
  }

  @Override
  public Verdict accepts(Problem problem, Void device) {
    return refuse("on purpose");
  }

  @Override
  public Computation plan(Problem problem, Void device) {
    throw new IllegalStateException();
  }
}
