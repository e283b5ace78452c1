package io.github.clpool.opencl.runtime;

import io.github.clpool.backend.Device;
import io.github.clpool.opencl.plan.DeviceProfile;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tells users what planning knows of a device. Stateless. */
public final class DeviceReport {
  private DeviceReport() {}

  public static Device of(String backend, String name, DeviceProfile profile) {
    return new Device(
        backend,
        name,
        Device.Kind.valueOf(profile.kind().name()),
        profile.computeUnits(),
        profile.memory(),
        profile.maxAllocation(),
        profile.maxWorkGroup(),
        profile.localMemory(),
        arithmetic(profile));
  }

  private static Map<String, String> arithmetic(DeviceProfile profile) {
    Map<String, String> found = new LinkedHashMap<>();
    found.put("fp64", profile.hasDouble() ? "yes" : "none that works");
    found.put("division", rounded(profile.division()));
    found.put("square root", rounded(profile.squareRoot()));
    found.put("subnormals", profile.keepsSubnormals() ? "kept" : "flushed to zero");
    found.put(
        "fma",
        !profile.exactFma()
            ? "wrong"
            : profile.exactSubnormalFma() ? "right" : "right, but wrong near subnormals");
    found.put(
        "loops",
        profile.endsLoops()
            ? "end after " + profile.loopLimit() + " iterations of a work-item"
            : "never end early");
    return found;
  }

  private static String rounded(DeviceProfile.Rounding rounding) {
    return switch (rounding) {
      case NATIVE -> "the device's own rounds correctly";
      case DOUBLE -> "by double";
      case INTEGER -> "by integers";
    };
  }
}
