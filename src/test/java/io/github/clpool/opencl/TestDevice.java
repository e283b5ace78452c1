package io.github.clpool.opencl;

import io.github.clpool.TestDevices;
import io.github.clpool.backend.Candidate;
import java.util.Locale;
import java.util.Optional;
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

  static OpenClBackend open() {
    return OpenClBackend.open(get());
  }
}
