package io.github.clpool.opencl;

import io.github.clpool.Pooling;
import io.github.clpool.TestDevices;
import io.github.clpool.backend.Candidate;
import io.github.clpool.opencl.device.OpenClDevice;
import io.github.clpool.opencl.device.OpenClDiscovery;
import io.github.clpool.opencl.device.SelfTest;
import io.github.clpool.opencl.plan.DeviceProfile.Rounding;
import io.github.clpool.opencl.runtime.DeviceProperties;
import io.github.clpool.opencl.runtime.OpenClBackend;
import io.github.clpool.opencl.runtime.OpenClContext;
import io.github.clpool.tensor.DataType;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * The OpenCL device that this package's tests run on: the one that {@link TestDevices} names, else
 * the best. Where there is none they are skipped with the reason, or fail if the environment has
 * {@code CLPOOL_REQUIRE_OPENCL=1}.
 */
final class TestDevice {
  private TestDevice() {}

  static OpenClDevice get() {
    OpenClDiscovery found = OpenClDiscovery.scan();
    String wish = TestDevices.openCl().toLowerCase(Locale.ROOT);
    String part = wish.equals("pocl") ? "portable computing language" : wish;
    Optional<OpenClDevice> device =
        found.ranked().stream()
            .filter(each -> each.name().toLowerCase(Locale.ROOT).contains(part))
            .findFirst();
    if (device.isEmpty()) {
      String reason =
          "no OpenCL device '%s': %s"
              .formatted(
                  wish,
                  Stream.concat(
                          found.devices().stream().map(OpenClDevice::toString),
                          found.failures().stream().map(Candidate::toString))
                      .collect(Collectors.joining("; ")));
      if ("1".equals(System.getenv("CLPOOL_REQUIRE_OPENCL"))) {
        Assertions.fail(reason);
      }
      Assumptions.abort(reason);
    }
    return device.get();
  }

  /** The same device with limits of its own. */
  static OpenClDevice withMemory(long memory, long maxAllocation) {
    OpenClDevice device = get();
    DeviceProperties of = device.properties();
    DeviceProperties changed =
        new DeviceProperties(
            of.platform(),
            of.name(),
            of.version(),
            of.driver(),
            of.type(),
            of.available(),
            of.hasCompiler(),
            of.fullProfile(),
            of.littleEndian(),
            of.addressBits(),
            of.computeUnits(),
            of.maxWorkGroup(),
            of.maxWorkItems(),
            of.localMemory(),
            memory,
            maxAllocation,
            of.baseAlignment(),
            of.unifiedMemory(),
            of.roundedDivisionOption(),
            of.extensions());
    return new OpenClDevice(device.index(), changed, device.platform(), device.id());
  }

  /** A context of its own on the device. */
  static OpenClContext context() {
    OpenClDevice device = get();
    return OpenClContext.create(device.properties(), device.platform(), device.id(), false);
  }

  static OpenClBackend open() {
    return get().open();
  }

  /** With one path of division and square roots forced. */
  static OpenClBackend open(Rounding path) {
    OpenClDevice device = get();
    return forcing(path, () -> device.open());
  }

  /** The same as a user opens it; skips the test if it needs fp64 and there is none. */
  static Pooling pooling(Rounding path) {
    Assumptions.assumeFalse(
        TestDevices.openCl().isEmpty(), "no OpenCL device is named for this run");
    try (Pooling pooling = TestDevices.open(TestDevices.openCl())) {
      Assumptions.assumeTrue(
          path != Rounding.DOUBLE || pooling.refusal(DataType.FLOAT64).isEmpty(),
          "the device has no fp64");
    }
    return forcing(path, () -> TestDevices.open(TestDevices.openCl()));
  }

  private static <R> R forcing(Rounding path, Supplier<R> open) {
    System.setProperty(SelfTest.DIVISION_PROPERTY, path.name());
    System.setProperty(SelfTest.SQUARE_ROOT_PROPERTY, path.name());
    try {
      return open.get();
    } finally {
      System.clearProperty(SelfTest.DIVISION_PROPERTY);
      System.clearProperty(SelfTest.SQUARE_ROOT_PROPERTY);
    }
  }
}
