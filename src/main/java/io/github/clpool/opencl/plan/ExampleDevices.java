package io.github.clpool.opencl.plan;

import io.github.clpool.opencl.plan.DeviceProfile.Kind;
import io.github.clpool.opencl.plan.DeviceProfile.Rounding;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Devices to plan for that need not be there, by short names: usual ones, and some GPUs as their
 * makers describe them and their drivers answer. Stateless.
 */
public final class ExampleDevices {
  private static final Map<String, DeviceProfile> BY_NAME = byName();

  private ExampleDevices() {}

  /**
   * The short names.
   *
   * @return the names, {@code gpu} and {@code cpu} first
   */
  public static Set<String> names() {
    return BY_NAME.keySet();
  }

  /**
   * Finds a device.
   *
   * @param name its short name
   * @return its profile, or empty if it is none of them
   */
  public static Optional<DeviceProfile> find(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  private static Map<String, DeviceProfile> byName() {
    Map<String, DeviceProfile> devices = new LinkedHashMap<>();
    devices.put("gpu", DeviceProfile.genericGpu());
    devices.put("cpu", DeviceProfile.genericCpu());
    String nvidia = "NVIDIA CUDA";
    devices.put("h100", gpu(nvidia, "H100 80GB HBM3", 132, 1024, 48, 80, 20, true));
    devices.put("rtx4060", gpu(nvidia, "GeForce RTX 4060", 24, 1024, 48, 8, 2, true));
    String amd = "AMD Accelerated Parallel Processing";
    devices.put("mi210", gpu(amd, "gfx90a", 104, 256, 64, 64, 54, true));
    devices.put("rx6800", gpu(amd, "gfx1030", 30, 256, 64, 16, 13, true)); // pairs of units count
    String intel = "Intel(R) OpenCL Graphics";
    devices.put("a770", gpu(intel, "Arc A770", 512, 1024, 64, 16, 4, false)); // engines count
    devices.put("mali-g78", gpu("ARM Platform", "Mali-G78", 24, 512, 32, 8, 8, false));
    return Collections.unmodifiableMap(devices);
  }

  /** Local memory is in KiB, memory and the largest buffer are in GiB. */
  private static DeviceProfile gpu(
      String platform,
      String name,
      int units,
      int workGroup,
      int local,
      int memory,
      int largest,
      boolean hasDouble) {
    // Without fp64, a device need not divide correctly rounded, and Mali says that it does not.
    Rounding rounding = platform.startsWith("ARM") ? Rounding.INTEGER : Rounding.NATIVE;
    return new DeviceProfile(
        platform,
        name,
        Kind.GPU,
        units,
        workGroup,
        (long) local << 10,
        (long) memory << 30,
        (long) largest << 30,
        hasDouble,
        rounding,
        rounding,
        true,
        true,
        true,
        true,
        DeviceProfile.NO_LIMIT);
  }
}
