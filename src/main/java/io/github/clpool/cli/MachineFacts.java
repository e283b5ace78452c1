package io.github.clpool.cli;

import io.github.clpool.Pooling;
import io.github.clpool.backend.Device;
import io.github.clpool.opencl.device.OpenClDevice;
import io.github.clpool.opencl.device.OpenClDiscovery;
import io.github.clpool.tensor.Require;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Where a number was measured. Stateless. */
final class MachineFacts {
  private MachineFacts() {}

  /** Device, versions and date by their names, for a reader. */
  static Map<String, String> of(Pooling pooling) {
    Map<String, String> facts = new LinkedHashMap<>();
    Device device = pooling.device();
    facts.put("device", device.name());
    facts.put(
        "kind",
        "%s, %d compute units, %d MiB"
            .formatted(
                device.kind().name().toLowerCase(Locale.ROOT),
                device.computeUnits(),
                device.memory() >> 20));
    find(pooling).ifPresent(found -> facts.put("driver", found.properties().versions()));
    facts.put("clpool", Version.number());
    facts.put(
        "Java", System.getProperty("java.version") + ", " + System.getProperty("java.vendor"));
    facts.put(
        "system",
        "%s %s %s, %d processors"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors()));
    facts.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    return facts;
  }

  /** The OpenCL device that pools. */
  static OpenClDevice openCl(Pooling pooling) {
    Optional<OpenClDevice> found = find(pooling);
    Require.that(
        found.isPresent(),
        "device is %s, but only OpenCL devices have a clock",
        pooling.selection().device());
    return found.get();
  }

  private static Optional<OpenClDevice> find(Pooling pooling) {
    String name = pooling.selection().device();
    return pooling.selection().backend().equals("opencl")
        ? OpenClDiscovery.scan().ranked().stream()
            .filter(each -> each.name().equals(name))
            .findFirst()
        : Optional.empty();
  }
}
