package io.github.clpool;

import io.github.clpool.backend.Backend;

/** Opens backends that no policy finds. */
public final class TestPooling {
  private TestPooling() {}

  /** A pooling on any backend, such as one that is wrong on purpose. */
  public static Pooling of(Backend backend) {
    return Pooling.over(backend);
  }
}
