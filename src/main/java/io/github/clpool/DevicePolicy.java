package io.github.clpool;

import io.github.clpool.tensor.Require;
import java.util.Locale;

/**
 * Which device {@link Pooling#open} takes. Immutable.
 *
 * <p>The system property {@value #PROPERTY} and, behind it, the environment variable {@value
 * #ENVIRONMENT} override the policy of {@link Pooling#open()} and of {@link #AUTO}; they hold a
 * text that {@link #parse} reads.
 *
 * @param kind how the device is found
 * @param device its name, a part of it, or its index; empty for the kinds that need none
 */
public record DevicePolicy(Kind kind, String device) {
  /**
   * Checks that nothing is missing.
   *
   * @param kind how the device is found
   * @param device its name, a part of it, or its index; empty for the kinds that need none
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
    /** The fast JVM path; no OpenCL class is loaded. */
    JVM_ONLY,
    /** The readable specification on the JVM: slow, for tests. */
    REFERENCE,
    /** The first OpenCL device whose platform and name contain a text, ignoring case. */
    NAME,
    /** The OpenCL device at a position of the list that {@code selection()} shows. */
    INDEX
  }

  /** The best OpenCL device, else the JVM. */
  public static final DevicePolicy AUTO = new DevicePolicy(Kind.AUTO, "");

  /** The best OpenCL device, else an exception. */
  public static final DevicePolicy OPENCL_ONLY = new DevicePolicy(Kind.OPENCL_ONLY, "");

  /** The fast JVM path; no OpenCL class is loaded. */
  public static final DevicePolicy JVM_ONLY = new DevicePolicy(Kind.JVM_ONLY, "");

  /** The readable specification on the JVM: slow, for tests. */
  public static final DevicePolicy REFERENCE = new DevicePolicy(Kind.REFERENCE, "");

  /**
   * An OpenCL device by name.
   *
   * @param part a part of {@code platform / device}, case ignored
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
   * Reads a policy.
   *
   * @param text {@code auto}, {@code opencl}, {@code jvm}, {@code reference}, an index, or a part
   *     of a device's name
   * @return the policy
   * @throws IllegalArgumentException if the text is empty
   */
  public static DevicePolicy parse(String text) {
    Require.that(text != null && !text.isBlank(), "device is '%s', but must not be empty", text);
    String word = text.trim();
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "auto" -> AUTO;
      case "opencl" -> OPENCL_ONLY;
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
