package io.github.clpool;

import io.github.clpool.tensor.Excerpt;
import io.github.clpool.tensor.Require;
import java.util.Locale;
import java.util.UUID;

/**
 * Which device {@link Pooling#open} takes. Immutable.
 *
 * <p>The system property {@value #PROPERTY} and, behind it, the environment variable {@value
 * #ENVIRONMENT} override the policy of {@link Pooling#open()} and of {@link #AUTO}; they hold a
 * text that {@link #parse} reads.
 *
 * @param kind how the device is found
 * @param device its name, a part of it, its index, address or UUID; empty for the kinds that need
 *     none
 */
public record DevicePolicy(Kind kind, String device) {
  /**
   * Checks that nothing is missing.
   *
   * @param kind how the device is found
   * @param device its name, a part of it, its index, address or UUID; empty for the kinds that need
   *     none
   */
  public DevicePolicy {
    Require.present("kind", kind);
    Require.present("device", device);
  }

  /** The system property that overrides {@link #AUTO}. */
  public static final String PROPERTY = "clpool.device";

  /** The environment variable that overrides {@link #AUTO}. */
  public static final String ENVIRONMENT = "CLPOOL_DEVICE";

  /** How the device is found. */
  public enum Kind {
    /** The best OpenCL device that is no simulator, else the JVM. */
    AUTO,
    /** The best OpenCL device, a simulator if there is no other, else an exception. */
    OPENCL_ONLY,
    /** All OpenCL devices that are no simulators, which share each batch, else an exception. */
    SPLIT,
    /** The fast JVM path; no OpenCL class is loaded. */
    JVM_ONLY,
    /** The readable specification on the JVM: slow, for tests. */
    REFERENCE,
    /** The first OpenCL device whose platform and name contain a text, ignoring case. */
    NAME,
    /** The OpenCL device at a position of the list that {@code selection()} shows. */
    INDEX,
    /** The OpenCL device at a PCI address, as {@code lspci} writes it. */
    PCI,
    /** The OpenCL device of a UUID, as {@code nvidia-smi -L} shows it. */
    UUID
  }

  /** The best OpenCL device, else the JVM. */
  public static final DevicePolicy AUTO = new DevicePolicy(Kind.AUTO, "");

  /** The best OpenCL device, else an exception. */
  public static final DevicePolicy OPENCL_ONLY = new DevicePolicy(Kind.OPENCL_ONLY, "");

  /**
   * All OpenCL devices that are no simulators, which share each batch in proportion to their speed,
   * else an exception.
   */
  public static final DevicePolicy SPLIT = new DevicePolicy(Kind.SPLIT, "");

  /** The fast JVM path; no OpenCL class is loaded. */
  public static final DevicePolicy JVM_ONLY = new DevicePolicy(Kind.JVM_ONLY, "");

  /** The readable specification on the JVM: slow, for tests. */
  public static final DevicePolicy REFERENCE = new DevicePolicy(Kind.REFERENCE, "");

  /**
   * An OpenCL device by name.
   *
   * @param part a part of {@code platform / device}, or of the device's version, such as {@code
   *     pocl}; case ignored
   * @return the policy; opening fails if no usable device matches
   */
  public static DevicePolicy named(String part) {
    Require.that(
        part != null && !part.isBlank(), "device name is '%s', but must not be empty", part);
    return new DevicePolicy(Kind.NAME, part);
  }

  /**
   * An OpenCL device by position.
   *
   * @param index the position among all devices of all platforms, from 0
   * @return the policy; opening fails if there is no usable device
   */
  public static DevicePolicy index(int index) {
    Require.atLeast("device index", index, 0);
    return new DevicePolicy(Kind.INDEX, Integer.toString(index));
  }

  /**
   * An OpenCL device by its PCI address, which its driver must tell ({@code cl_khr_pci_bus_info}).
   *
   * @param address domain, bus, device and function in hexadecimal, such as {@code 0000:01:00.0};
   *     without a domain it is 0
   * @return the policy; opening fails if no usable device is there
   * @throws IllegalArgumentException if the text is no such address
   */
  public static DevicePolicy pci(String address) {
    String lower = Require.present("PCI address", address).trim().toLowerCase(Locale.ROOT);
    String whole = lower.matches("[0-9a-f]{2}:.*") ? "0000:" + lower : lower;
    Require.that(
        whole.matches("[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7]"),
        "PCI address is '%s', but must be like 0000:01:00.0",
        address);
    return new DevicePolicy(Kind.PCI, whole);
  }

  /**
   * An OpenCL device by its UUID, which its driver must tell ({@code cl_khr_device_uuid}).
   *
   * @param uuid the UUID
   * @return the policy; opening fails if no usable device has it
   */
  public static DevicePolicy uuid(UUID uuid) {
    return new DevicePolicy(Kind.UUID, Require.present("UUID", uuid).toString());
  }

  private static DevicePolicy uuid(String text) {
    try {
      return uuid(UUID.fromString(text.trim()));
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException(
          "UUID is '"
              + Excerpt.of(text)
              + "', but must be like 01234567-89ab-cdef-0123-456789abcdef",
          wrong);
    }
  }

  /**
   * Reads a policy.
   *
   * @param text {@code auto}, {@code opencl}, {@code split}, {@code jvm}, {@code reference}, an
   *     index, {@code pci=} with an address, {@code uuid=} with a UUID, or a part of a device's
   *     name
   * @return the policy
   * @throws IllegalArgumentException if the text is empty
   */
  public static DevicePolicy parse(String text) {
    Require.that(text != null && !text.isBlank(), "device is '%s', but must not be empty", text);
    String word = text.trim();
    if (word.startsWith("pci=")) {
      return pci(word.substring("pci=".length()));
    } else if (word.startsWith("uuid=")) {
      return uuid(word.substring("uuid=".length()));
    }
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "auto" -> AUTO;
      case "opencl" -> OPENCL_ONLY;
      case "split" -> SPLIT;
      case "jvm" -> JVM_ONLY;
      case "reference" -> REFERENCE;
      default -> word.matches("\\d{1,9}") ? index(Integer.parseInt(word)) : named(word);
    };
  }

  /** This policy, or for {@link #AUTO} the one that property or environment ask for. */
  DevicePolicy overridden() {
    String text = System.getProperty(PROPERTY, System.getenv(ENVIRONMENT));
    return kind != Kind.AUTO || text == null || text.isBlank() ? this : parse(text);
  }

  @Override
  public String toString() {
    return device.isEmpty() ? kind.name() : kind + " " + device;
  }
}
