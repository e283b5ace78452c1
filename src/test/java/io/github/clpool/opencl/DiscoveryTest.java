package io.github.clpool.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.backend.Candidate;
import io.github.clpool.opencl.device.DiscoveryAdvice;
import io.github.clpool.opencl.device.OpenClDevice;
import io.github.clpool.opencl.device.OpenClDiscovery;
import io.github.clpool.opencl.device.Remembered;
import io.github.clpool.opencl.runtime.DeviceProperties;
import io.github.clpool.opencl.runtime.DeviceProperties.Type;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is said of what was found, with no device at all. */
class DiscoveryTest {
  private static void assertSays(Candidate candidate, String... parts) {
    assertEquals(Candidate.Outcome.REJECTED, candidate.verdict());
    for (String part : parts) {
      assertTrue(candidate.reason().contains(part), candidate::reason);
    }
  }

  private static Candidate noLoader(Throwable failure) {
    return DiscoveryAdvice.noLoader(failure, "Linux", "amd64");
  }

  @Test
  void aMissingJarIsNamed() {
    Throwable failure = new NoClassDefFoundError("org/jocl/CL");
    failure.initCause(new ClassNotFoundException("org.jocl.CL"));
    assertSays(noLoader(failure), "org.jocl:jocl");
  }

  @Test
  void aMissingLoaderIsToldFromMissingNatives() {
    String text =
        "Could not initialize native OpenCL library. Implementation library could not be loaded";
    assertSays(noLoader(new UnsatisfiedLinkError(text)), "libOpenCL.so.1", "ocl-icd-libopencl1");
    // every further touch of the class
    Throwable later = new NoClassDefFoundError("Could not initialize class org.jocl.CL");
    later.initCause(new ExceptionInInitializerError(text));
    assertSays(noLoader(later), "ocl-icd-libopencl1");
    assertSays(
        noLoader(new UnsatisfiedLinkError("Error while loading native library \"JOCL\"\nmore")),
        "Linux amd64",
        "macOS");
  }

  @Test
  void aTemporaryFolderThatCannotBeUsedIsNamed() {
    assertSays(
        noLoader(
            new UnsatisfiedLinkError(
                "Error while loading native library\nStack trace from the attempt to load the"
                    + " library as a resource:\njava.lang.UnsatisfiedLinkError: /x/libJOCL.so:"
                    + " failed to map segment from shared object")),
        "noexec",
        "-Djava.io.tmpdir",
        "-Djava.library.path");
    assertSays(
        DiscoveryAdvice.noTemporaryFolder(new java.io.IOException("No space left on device")),
        "No space left on device",
        "-Djava.io.tmpdir");
    assertSays(
        noLoader(
            new UnsatisfiedLinkError(
                "Error while loading native library\nStack trace from the attempt to load the"
                    + " library as a resource:\njava.io.IOException: No resource found with name"
                    + " 'x'\nat y")),
        "java.io.IOException: No resource found with name 'x'");
  }

  @Test
  void deniedNativeAccessIsNamed() {
    assertSays(
        noLoader(
            new UnsatisfiedLinkError(
                "Error while loading native library\njava.lang.IllegalCallerException: Illegal"
                    + " native access from an unnamed module")),
        "--enable-native-access=ALL-UNNAMED");
  }

  @Test
  void missingPlatformsAndDevicesHaveTheirFix() {
    assertSays(DiscoveryAdvice.noPlatform(), "pocl-opencl-icd", "/etc/OpenCL/vendors");
    assertSays(DiscoveryAdvice.noDevice("rusticl"), "RUSTICL_ENABLE");
    assertSays(DiscoveryAdvice.noDevice("Clover"), "no longer maintained");
    assertSays(DiscoveryAdvice.noDevice("Vendor"), "render");
    assertSays(DiscoveryAdvice.broken("Vendor", new IllegalStateException("boom\nat x")), "boom");
  }

  @Test
  void unusableDevicesHaveAReason() {
    assertEquals(java.util.Optional.empty(), TestProperties.gpu().rejection());
    assertRejected(TestProperties.named("Clover", "AMD", Type.GPU), "rusticl");
    assertRejected(version("OpenCL 1.1 Mesa"), "OpenCL 1.2 is needed");
    assertRejected(version("nonsense"), "OpenCL 1.2 is needed");
    assertRejected(flags(false, true, true), "not available");
    assertRejected(flags(true, false, true), "no compiler");
    assertRejected(flags(true, true, false), "embedded profile");
    for (String good : List.of("OpenCL 1.2 ", "OpenCL 2.0 x", "OpenCL 3.0")) {
      assertEquals(java.util.Optional.empty(), version(good).rejection());
    }
  }

  private static void assertRejected(DeviceProperties device, String part) {
    assertTrue(device.rejection().orElse("").contains(part), () -> device.rejection().toString());
  }

  private static DeviceProperties version(String version) {
    return TestProperties.of("Vendor", "GPU", version, Type.GPU, 64, true, true, true);
  }

  private static DeviceProperties flags(boolean available, boolean compiler, boolean full) {
    return TestProperties.of(
        "Vendor", "GPU", "OpenCL 1.2", Type.GPU, 64, available, compiler, full);
  }

  @Test
  void gpusComeBeforeAcceleratorsProcessorsAndSimulators() {
    List<String> names =
        Stream.of(
                device(0, "Oclgrind", "Oclgrind Simulator", Type.GPU),
                device(1, "rusticl", "llvmpipe (LLVM 15)", Type.GPU),
                device(2, "rusticl", "llvmpipe (LLVM 19)", Type.CPU),
                device(5, "PoCL", "cpu", Type.CPU),
                device(3, "Vendor", "card", Type.ACCELERATOR),
                device(4, "Vendor", "GPU", Type.GPU))
            .sorted(OpenClDevice.RANKING)
            .map(OpenClDevice::name)
            .toList();
    assertEquals(
        List.of(
            "Vendor / GPU",
            "Vendor / card",
            "PoCL / cpu",
            "rusticl / llvmpipe (LLVM 15)",
            "rusticl / llvmpipe (LLVM 19)",
            "Oclgrind / Oclgrind Simulator"),
        names);
  }

  private static OpenClDevice device(int index, String platform, String name, Type type) {
    return new OpenClDevice(index, TestProperties.named(platform, name, type), null, null);
  }

  @Test
  void onlyWhatLastsIsRemembered() {
    Iterator<String> finds = List.of("passing", "lasting", "never found").iterator();
    Remembered<String> remembered = new Remembered<>(finds::next, "lasting"::equals);
    assertEquals("passing", remembered.get());
    assertEquals("lasting", remembered.get());
    assertEquals("lasting", remembered.get());
  }

  @Test
  void theMachineIsLookedAtOnceIfNothingIsWrong() {
    OpenClDiscovery found = OpenClDiscovery.scan();
    assertTrue(!found.devices().isEmpty() || !found.failures().isEmpty());
    OpenClDiscovery again = OpenClDiscovery.scan();
    boolean areAvailable =
        found.devices().stream().allMatch(device -> device.properties().available());
    if (found.failures().isEmpty() && areAvailable) {
      assertSame(found, again);
    } else { // it may have passed by now
      assertEquals(found.failures(), again.failures());
      assertEquals(found.devices().toString(), again.devices().toString());
      assertTrue(found != again || found.devices().isEmpty(), "remembered what may pass");
    }
  }
}
