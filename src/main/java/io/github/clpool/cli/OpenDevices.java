package io.github.clpool.cli;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pooling;
import java.util.LinkedHashMap;
import java.util.Map;

/** Devices that are opened once and closed together. Not thread-safe. */
final class OpenDevices implements AutoCloseable {
  private final Map<DevicePolicy, Pooling> open = new LinkedHashMap<>();

  Pooling get(DevicePolicy policy) {
    return open.computeIfAbsent(policy, Pooling::open);
  }

  @Override
  public void close() {
    open.values().forEach(Pooling::close);
  }
}
