package io.github.clpool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.backend.Candidate;
import io.github.clpool.backend.Candidate.Outcome;
import io.github.clpool.backend.DeviceException;
import io.github.clpool.opencl.device.OpenClDevice;
import io.github.clpool.opencl.device.OpenClDiscovery;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What each policy chooses, and what it says of the others. */
class SelectionTest {
  private static Selection select(DevicePolicy policy) {
    try (Pooling pooling = Pooling.open(policy)) {
      Selection selection = pooling.selection();
      assertEquals(
          1,
          selection.candidates().stream().filter(each -> each.verdict() == Outcome.CHOSEN).count(),
          selection::toString);
      return selection;
    }
  }

  private static Candidate candidate(Selection selection, String name) {
    return selection.candidates().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is not in " + selection));
  }

  /** The usable devices, or a skip. */
  private static List<OpenClDevice> devices() {
    List<OpenClDevice> ranked = OpenClDiscovery.scan().ranked();
    Assumptions.assumeFalse(
        ranked.isEmpty() && !"1".equals(System.getenv("CLPOOL_REQUIRE_OPENCL")),
        () -> "no OpenCL device: " + OpenClDiscovery.scan().failures());
    return ranked;
  }

  @Test
  void theJvmNeedsNoOpenCl() {
    Selection selection = select(DevicePolicy.JVM_ONLY);
    assertEquals("jvm", selection.backend());
    assertEquals(Outcome.CHOSEN, candidate(selection, "JVM").verdict());
    assertEquals(Outcome.REJECTED, candidate(selection, "OpenCL").verdict());
  }

  @Test
  void theReferenceIsAskedFor() {
    assertEquals("reference", select(DevicePolicy.REFERENCE).backend());
  }

  @Test
  void autoTakesTheBestDeviceThatIsNoSimulatorElseTheJvm() {
    Selection selection = select(DevicePolicy.AUTO);
    List<OpenClDevice> real =
        OpenClDiscovery.scan().ranked().stream().filter(each -> !each.isSimulator()).toList();
    if (System.getProperty(DevicePolicy.PROPERTY, System.getenv(DevicePolicy.ENVIRONMENT))
        == null) {
      assertEquals(real.isEmpty() ? "jvm" : "opencl", selection.backend());
      if (!real.isEmpty()) {
        assertEquals(real.get(0).name(), selection.device());
        assertEquals(Outcome.AVAILABLE, candidate(selection, "JVM").verdict());
      }
    }
  }

  @Test
  void openClOnlyTakesTheBestOrTellsEveryReason() {
    List<OpenClDevice> ranked = OpenClDiscovery.scan().ranked();
    if (ranked.isEmpty()) {
      DeviceException refused =
          assertThrows(DeviceException.class, () -> Pooling.open(DevicePolicy.OPENCL_ONLY));
      OpenClDiscovery.scan()
          .failures()
          .forEach(each -> assertTrue(refused.getMessage().contains(each.reason())));
    } else {
      assertEquals(ranked.get(0).name(), select(DevicePolicy.OPENCL_ONLY).device());
    }
  }

  @Test
  void aDeviceIsTakenByNameOrIndex() {
    for (OpenClDevice device : devices()) {
      assertEquals(device.name(), select(DevicePolicy.index(device.index())).device());
      String shouted = device.name().toUpperCase(java.util.Locale.ROOT);
      Selection byName = select(DevicePolicy.named(shouted));
      assertEquals(device.name(), byName.device());
      assertEquals(device.name(), byName.candidates().get(device.index()).name());
    }
  }

  /** Where the driver tells them; else opening says that it does not. */
  @Test
  void aDeviceIsTakenByPciAddressOrUuid() {
    for (OpenClDevice device : devices()) {
      device
          .pciAddress()
          .ifPresentOrElse(
              address -> assertEquals(address, select(DevicePolicy.pci(address)).policy().device()),
              () -> assertNotTold(device, DevicePolicy.pci("01:00.0"), "cl_khr_pci_bus_info"));
      device
          .uuid()
          .ifPresentOrElse(
              uuid -> {
                DevicePolicy policy = DevicePolicy.parse("uuid=" + uuid);
                String taken = select(policy).device();
                assertTrue(
                    devices().stream()
                        .anyMatch(
                            each ->
                                each.name().equals(taken) && each.uuid().equals(device.uuid())));
              },
              () -> assertNotTold(device, DevicePolicy.uuid(new UUID(1, 2)), "cl_khr_device_uuid"));
    }
  }

  private static void assertNotTold(OpenClDevice device, DevicePolicy policy, String extension) {
    String message = assertThrows(DeviceException.class, () -> Pooling.open(policy)).getMessage();
    assertTrue(
        message.lines().anyMatch(line -> line.contains(device.name()) && line.contains(extension)),
        message);
  }

  @Test
  void aDeviceThatIsNotThereFailsWithEveryCandidate() {
    for (DevicePolicy policy :
        List.of(DevicePolicy.named("no such device"), DevicePolicy.index(999))) {
      String message = assertThrows(DeviceException.class, () -> Pooling.open(policy)).getMessage();
      assertTrue(message.contains(policy.toString()), message);
      assertTrue(message.contains("JVM: rejected"), message);
      OpenClDiscovery.scan()
          .devices()
          .forEach(device -> assertTrue(message.contains(device.name()), message));
    }
  }

  @Test
  void thePropertyOverridesAutoOnly() {
    String before = System.getProperty(DevicePolicy.PROPERTY);
    System.setProperty(DevicePolicy.PROPERTY, "reference");
    try {
      assertEquals("reference", select(DevicePolicy.AUTO).backend());
      assertEquals("jvm", select(DevicePolicy.JVM_ONLY).backend());
      System.setProperty(DevicePolicy.PROPERTY, "no such device");
      assertThrows(DeviceException.class, Pooling::open);
    } finally {
      if (before == null) {
        System.clearProperty(DevicePolicy.PROPERTY);
      } else {
        System.setProperty(DevicePolicy.PROPERTY, before);
      }
    }
  }

  @Test
  void aClosedPoolingAndItsViewsCannotBeUsed() {
    Pooling pooling = Pooling.open(DevicePolicy.JVM_ONLY);
    Pooling view = pooling.with(io.github.clpool.backend.Preference.NONE);
    pooling.close();
    pooling.close();
    assertThrows(IllegalStateException.class, view::finish);
    assertEquals("jvm", view.selection().backend());
  }
}
