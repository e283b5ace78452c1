package io.github.clpool.opencl.device;

import io.github.clpool.backend.Candidate;
import io.github.clpool.backend.DeviceException;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.runtime.Calls;
import io.github.clpool.opencl.runtime.DeviceProperties;
import io.github.clpool.opencl.runtime.DeviceQueries;
import io.github.clpool.opencl.runtime.OpenClBackend;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/** Every OpenCL device of this machine, and a reason for each platform that has none. Immutable. */
public final class OpenClDiscovery {
  private final List<OpenClDevice> devices = new ArrayList<>();
  private final List<Candidate> failures = new ArrayList<>();

  private boolean isFinal; // the JVM itself tries nothing twice that it could not link

  private OpenClDiscovery() {}

  private static final Remembered<OpenClDiscovery> RESULT =
      new Remembered<>(OpenClDiscovery::look, OpenClDiscovery::lasts);

  /**
   * Looks for devices. Never throws: whatever is wrong becomes a reason.
   *
   * @return what was found; the same every time, unless something was wrong that may pass
   */
  public static OpenClDiscovery scan() {
    return RESULT.get();
  }

  private boolean lasts() {
    return isFinal
        || failures.isEmpty() && devices.stream().allMatch(each -> each.properties().available());
  }

  /**
   * The devices, usable or not.
   *
   * @return all devices of all platforms, in the platforms' order
   */
  public List<OpenClDevice> devices() {
    return List.copyOf(devices);
  }

  /**
   * The usable devices.
   *
   * @return GPUs, accelerators, processors, rasterisers on a processor, simulators, each with more
   *     compute units first
   */
  public List<OpenClDevice> ranked() {
    return devices.stream()
        .filter(device -> device.rejection().isEmpty())
        .sorted(OpenClDevice.RANKING)
        .toList();
  }

  /**
   * What planning knows of a usable device.
   *
   * @param name its name
   * @return the profile of the first device of that name
   * @throws io.github.clpool.backend.DeviceException if there is none, or it does not work
   */
  public DeviceProfile profile(String name) {
    for (OpenClDevice device : ranked()) {
      if (device.name().equals(name)) {
        try (OpenClBackend backend = device.open()) {
          return backend.profile();
        }
      }
    }
    throw new DeviceException("there is no OpenCL device '" + name + "' that can be used");
  }

  /**
   * What kept devices from being found.
   *
   * @return one rejected candidate for a loader, a platform or a device that fails
   */
  public List<Candidate> failures() {
    return List.copyOf(failures);
  }

  /**
   * Looks for devices anew, whatever is remembered.
   *
   * @return what is found now
   */
  public static OpenClDiscovery look() {
    OpenClDiscovery found = new OpenClDiscovery();
    try {
      JoclLibrary.load();
      found.addPlatforms();
    } catch (IOException failure) {
      found.failures.add(DiscoveryAdvice.noTemporaryFolder(failure));
    } catch (LinkageError failure) {
      found.isFinal = true;
      found.failures.add(
          DiscoveryAdvice.noLoader(
              failure, System.getProperty("os.name"), System.getProperty("os.arch")));
    } catch (RuntimeException failure) {
      found.failures.add(DiscoveryAdvice.broken("OpenCL", failure));
    }
    return found;
  }

  private void addPlatforms() {
    List<cl_platform_id> platforms = DeviceQueries.platforms(new Calls("OpenCL loader"));
    if (platforms.isEmpty()) {
      failures.add(DiscoveryAdvice.noPlatform());
    }
    for (cl_platform_id platform : platforms) {
      String name = "unnamed platform";
      try {
        name = DeviceQueries.name(new Calls(name), platform);
        addDevices(platform, name);
      } catch (RuntimeException failure) {
        failures.add(DiscoveryAdvice.broken(name, failure));
      }
    }
  }

  private void addDevices(cl_platform_id platform, String platformName) {
    Calls calls = new Calls(platformName);
    List<cl_device_id> ids = DeviceQueries.devices(calls, platform);
    if (ids.isEmpty()) {
      failures.add(DiscoveryAdvice.noDevice(platformName));
    }
    for (cl_device_id id : ids) {
      try {
        DeviceProperties properties = DeviceQueries.properties(calls, platformName, id);
        devices.add(new OpenClDevice(devices.size(), properties, platform, id));
      } catch (RuntimeException failure) {
        failures.add(DiscoveryAdvice.broken("a device of " + platformName, failure));
      }
    }
  }
}
