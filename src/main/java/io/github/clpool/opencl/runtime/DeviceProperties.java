package io.github.clpool.opencl.runtime;

import io.github.clpool.opencl.plan.DeviceProfile;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What a device says about itself. Immutable; a plain value, so that the rules below are tested
 * with no device.
 */
public record DeviceProperties(
    String platform,
    String name,
    String version,
    String driver,
    Type type,
    boolean available,
    boolean hasCompiler,
    boolean fullProfile,
    boolean littleEndian,
    int addressBits,
    int computeUnits,
    long maxWorkGroup,
    List<Long> maxWorkItems,
    long localMemory,
    long memory,
    long maxAllocation,
    long baseAlignment,
    boolean unifiedMemory,
    boolean roundedDivisionOption,
    Set<String> extensions) {
  /** In the order in which they are preferred. */
  public enum Type {
    GPU,
    ACCELERATOR,
    CPU,
    OTHER
  }

  /** The name under which users see and select the device. */
  public String label() {
    return platform + " / " + name;
  }

  /** The driver's version, then OpenCL's as the device tells it. */
  public String versions() {
    return driver + ", " + version;
  }

  public boolean isSimulator() {
    return lower(platform).contains("oclgrind");
  }

  /** Mesa's software rasteriser: a processor, whatever it says, in the clothes of a GPU. */
  public boolean isRasteriser() {
    return lower(name).contains("llvmpipe");
  }

  public DeviceProfile.Kind kind() {
    if (isSimulator()) {
      return DeviceProfile.Kind.SIMULATOR;
    }
    return type == Type.CPU || isRasteriser() ? DeviceProfile.Kind.CPU : DeviceProfile.Kind.GPU;
  }

  public boolean claimsDouble() {
    return extensions.contains("cl_khr_fp64");
  }

  /** Why the device cannot be used, with the fix where there is one; empty if it can. */
  public Optional<String> rejection() {
    if (lower(platform).equals("clover")) {
      return Optional.of(
          "Mesa's Clover is no longer maintained and lacks OpenCL 1.2; use its rusticl platform");
    } else if (!available) {
      return Optional.of("the device says it is not available; see whether its driver is loaded");
    } else if (!hasCompiler) {
      return Optional.of("it has no compiler for OpenCL C (CL_DEVICE_COMPILER_AVAILABLE)");
    } else if (!isAtLeast12()) {
      return Optional.of("it has '" + version + "', but OpenCL 1.2 is needed; update the driver");
    } else if (!fullProfile) {
      return Optional.of("it has the embedded profile, but 64-bit integers are needed");
    } else if (!littleEndian) {
      return Optional.of("it is big-endian, which is not supported");
    }
    return Optional.empty();
  }

  private boolean isAtLeast12() {
    String[] words = version.split("[ .]"); // OpenCL 1.2 ...
    try {
      int major = Integer.parseInt(words[1]);
      return major > 1 || major == 1 && Integer.parseInt(words[2]) >= 2;
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException unreadable) {
      return false;
    }
  }

  /** What the device is, in a few words. */
  public String summary() {
    return kind() + ", " + computeUnits + " compute units, " + (memory >> 20) + " MiB";
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
