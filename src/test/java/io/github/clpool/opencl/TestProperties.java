package io.github.clpool.opencl;

import io.github.clpool.opencl.runtime.DeviceProperties;
import java.util.List;
import java.util.Set;

/** Devices that are not there. */
final class TestProperties {
  private TestProperties() {}

  static DeviceProperties gpu() {
    return of("Vendor", "GPU", "OpenCL 1.2 x", DeviceProperties.Type.GPU, 64, true, true, true);
  }

  static DeviceProperties narrow() {
    return of("Vendor", "GPU", "OpenCL 1.2 x", DeviceProperties.Type.GPU, 32, true, true, true);
  }

  static DeviceProperties named(String platform, String name, DeviceProperties.Type type) {
    return of(platform, name, "OpenCL 3.0", type, 64, true, true, true);
  }

  static DeviceProperties of(
      String platform,
      String name,
      String version,
      DeviceProperties.Type type,
      int addressBits,
      boolean available,
      boolean hasCompiler,
      boolean fullProfile) {
    return new DeviceProperties(
        platform,
        name,
        version,
        "1",
        type,
        available,
        hasCompiler,
        fullProfile,
        true,
        addressBits,
        8,
        256,
        List.of(256L, 256L, 64L),
        32 << 10,
        1L << 30,
        1L << 28,
        128,
        false,
        true,
        Set.of());
  }
}
