package io.github.clpool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.clpool.backend.DeviceException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The devices that tests run on: the reference, the JVM, and the OpenCL device named by the system
 * property {@value #PROPERTY}. Where it is not set no OpenCL test runs; where the device is missing
 * its tests are skipped, or fail if the environment has {@code CLPOOL_REQUIRE_OPENCL=1}.
 */
public final class TestDevices {
  /** {@code pocl}, {@code llvmpipe}, {@code oclgrind}, or a part of another's name or version. */
  public static final String PROPERTY = "clpool.test.device";

  /** {@code true}: only on that device; the others are tried by another run. */
  private static final boolean ALONE = Boolean.getBoolean("clpool.test.alone");

  private TestDevices() {}

  /** All devices of this run, the reference first. */
  public static List<String> all() {
    return ALONE ? others() : Stream.concat(Stream.of("reference"), others().stream()).toList();
  }

  /** All devices of this run but the reference. */
  public static List<String> others() {
    return Stream.of(ALONE ? "" : "jvm", openCl()).filter(name -> !name.isEmpty()).toList();
  }

  /** The OpenCL device of this run, or an empty text. */
  public static String openCl() {
    return System.getProperty(PROPERTY, "");
  }

  /** Whether the OpenCL device of this run is a simulator, where everything is slow. */
  public static boolean isSimulator() {
    return openCl().equals("oclgrind");
  }

  /** Whether a device ends long loops, so that what may have them is refused. */
  public static boolean endsLoops(Pooling device) {
    return device.selection().device().contains("llvmpipe");
  }

  /** How many random cases are worth while: fewer where each costs a compilation. */
  public static int cases(String device, int most) {
    return device.equals(openCl()) ? Nightly.cases(most / 10, most) : most;
  }

  /** Opens a device and makes sure that it is the one that was asked for. */
  public static Pooling open(String name) {
    return switch (name) {
      case "reference" -> opened(DevicePolicy.REFERENCE, "reference");
      case "jvm" -> opened(DevicePolicy.JVM_ONLY, "jvm");
      default -> openCl(name);
    };
  }

  private static Pooling openCl(String name) {
    try {
      return opened(DevicePolicy.named(name), "opencl");
    } catch (DeviceException missing) {
      Assumptions.assumeTrue(
          "1".equals(System.getenv("CLPOOL_REQUIRE_OPENCL")),
          () -> "no OpenCL device '" + name + "': " + missing.getMessage());
      throw missing;
    }
  }

  private static Pooling opened(DevicePolicy policy, String backend) {
    Pooling pooling = Pooling.open(policy);
    assertEquals(backend, pooling.selection().backend());
    return pooling;
  }
}
