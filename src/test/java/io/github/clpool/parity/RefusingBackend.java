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
public final class RefusingBackend implements Implementation<Void, Computation> {
  private RefusingBackend() {}

  static Pooling open() {
    return TestPooling.of(of("refusing", "JVM"));
  }

  public static HeapBackend<Void> of(String name, String device) {
    return new HeapBackend<>(name, device, null, operator -> List.of(new RefusingBackend()));
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
