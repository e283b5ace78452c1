package io.github.clpool.opencl.device;

import io.github.clpool.backend.Candidate;
import io.github.clpool.op.Problem;
import io.github.clpool.opencl.implementations.OpenClImplementations;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.OpenClImplementation;
import io.github.clpool.opencl.runtime.Calls;
import io.github.clpool.opencl.runtime.DeviceProperties;
import io.github.clpool.opencl.runtime.DeviceQueries;
import io.github.clpool.opencl.runtime.KernelTimes;
import io.github.clpool.opencl.runtime.OpenClBackend;
import io.github.clpool.opencl.runtime.OpenClContext;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/** An OpenCL device that was found, usable or not. Immutable. */
public final class OpenClDevice {
  /**
   * GPUs first, then accelerators, then processors, then a rasteriser on the processor, then
   * simulators; the bigger first.
   */
  public static final Comparator<OpenClDevice> RANKING =
      Comparator.comparing(OpenClDevice::isSimulator)
          .thenComparing(OpenClDevice::rank)
          .thenComparing(OpenClDevice::isRasteriser)
          .thenComparing(device -> -device.properties.computeUnits())
          .thenComparing(OpenClDevice::index);

  private final int index;
  private final DeviceProperties properties;
  private final cl_platform_id platform;
  private final cl_device_id id;

  public OpenClDevice(
      int index, DeviceProperties properties, cl_platform_id platform, cl_device_id id) {
    this.index = index;
    this.properties = properties;
    this.platform = platform;
    this.id = id;
  }

  private DeviceProperties.Type rank() {
    boolean software = properties.kind() == DeviceProfile.Kind.CPU;
    return software ? DeviceProperties.Type.CPU : properties.type();
  }

  /**
   * The position among all devices of all platforms.
   *
   * @return the position, from 0
   */
  public int index() {
    return index;
  }

  /**
   * Whether a text is a part of the name, or of the version, which has PoCL's usual name.
   *
   * @param part the text, case ignored
   * @return true if it is
   */
  public boolean isCalled(String part) {
    String names = name() + "\n" + properties.version();
    return names.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
  }

  /**
   * The name that selections show.
   *
   * @return platform and device
   */
  public String name() {
    return properties.label();
  }

  /**
   * The driver's version, then OpenCL's as the device tells it.
   *
   * @return such as {@code 3.1+debian, OpenCL 3.0 PoCL HSTR: ...}
   */
  public String versions() {
    return properties.versions();
  }

  /**
   * What the device is, in a few words.
   *
   * @return kind, compute units, memory
   */
  public String summary() {
    return properties.summary();
  }

  /**
   * Whether the device is a simulator, which checks every access and is slow.
   *
   * @return true for Oclgrind
   */
  public boolean isSimulator() {
    return properties.isSimulator();
  }

  /**
   * Whether the device is a graphics driver that computes on the processor. OpenCL made for
   * processors is faster there.
   *
   * @return true for Mesa's llvmpipe
   */
  public boolean isRasteriser() {
    return properties.isRasteriser();
  }

  /**
   * Why the device cannot be used.
   *
   * @return the reason with its fix, or empty if it can be used
   */
  public Optional<String> rejection() {
    return properties.rejection();
  }

  /**
   * Where the device is on the PCI bus.
   *
   * @return the address such as {@code 0000:01:00.0}, or empty if the driver does not tell
   */
  public Optional<String> pciAddress() {
    return DeviceQueries.pciAddress(calls(), properties, id);
  }

  /**
   * What tells the device from all others.
   *
   * @return the UUID in lower case, or empty if the driver does not tell
   */
  public Optional<String> uuid() {
    return DeviceQueries.uuid(calls(), properties, id);
  }

  private Calls calls() {
    return new Calls(name());
  }

  /**
   * This device in a selection.
   *
   * @param outcome what became of it
   * @param reason why
   * @return the candidate
   */
  public Candidate candidate(Candidate.Outcome outcome, String reason) {
    return new Candidate(name(), outcome, reason);
  }

  /**
   * Opens the device and tests its arithmetic.
   *
   * @return the open backend
   * @throws io.github.clpool.backend.DeviceException if the device does not work
   */
  public OpenClBackend open() {
    return open(false);
  }

  /**
   * Opens the device for measurements.
   *
   * @return the open backend, whose kernels {@link KernelTimes} can time
   * @throws io.github.clpool.backend.DeviceException if the device does not work
   */
  public OpenClBackend openWithTimes() {
    return open(true);
  }

  private OpenClBackend open(boolean takesTimes) {
    return backend(
        OpenClContext.create(properties, platform, id, takesTimes), OpenClImplementations::of);
  }

  /** A backend on a context, with a table of implementations. */
  public static OpenClBackend backend(
      OpenClContext context,
      BiFunction<Problem, DeviceProfile.Kind, List<OpenClImplementation>> implementations) {
    return new OpenClBackend(context, implementations, SelfTest::profile);
  }

  public DeviceProperties properties() {
    return properties;
  }

  public cl_platform_id platform() {
    return platform;
  }

  public cl_device_id id() {
    return id;
  }

  @Override
  public String toString() {
    return index + ": " + name() + " (" + summary() + ")";
  }
}
