package io.github.clpool.cli;

import io.github.clpool.DevicePolicy;
import picocli.CommandLine.Option;

/** The option that chooses a device. */
final class DeviceOption {
  @Option(
      names = "--device",
      paramLabel = "NAME",
      defaultValue = "auto",
      description =
          "A part of a device's name, its index, auto, opencl, split (all OpenCL devices share each"
              + " batch), jvm or reference. Default: ${DEFAULT-VALUE}.")
  private DevicePolicy policy;

  DevicePolicy policy() {
    return policy;
  }
}
