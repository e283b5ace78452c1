package io.github.clpool;

import io.github.clpool.backend.Backend;
import io.github.clpool.backend.Preference;
import java.util.List;

/** Opens backends that no policy finds. */
public final class TestPooling {
  private TestPooling() {}

  /** A pooling on any backend, such as one that is wrong on purpose. */
  public static Pooling of(Backend backend) {
    Selection selection =
        new Selection(DevicePolicy.AUTO, backend.name(), backend.device(), List.of());
    return new Pooling(backend, selection, Preference.NONE);
  }
}
