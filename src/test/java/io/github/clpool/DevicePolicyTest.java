package io.github.clpool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class DevicePolicyTest {
  @Test
  void words() {
    assertEquals(DevicePolicy.AUTO, DevicePolicy.parse("auto"));
    assertEquals(DevicePolicy.OPENCL_ONLY, DevicePolicy.parse(" OpenCL "));
    assertEquals(DevicePolicy.JVM_ONLY, DevicePolicy.parse("JVM"));
    assertEquals(DevicePolicy.REFERENCE, DevicePolicy.parse("reference"));
    assertEquals(DevicePolicy.index(0), DevicePolicy.parse("0"));
    assertEquals(DevicePolicy.index(12), DevicePolicy.parse("12"));
    assertEquals(DevicePolicy.named("Radeon RX 7900"), DevicePolicy.parse("Radeon RX 7900"));
    assertEquals(DevicePolicy.named("7900 XT"), DevicePolicy.parse("7900 XT"));
    assertEquals(DevicePolicy.named("-1"), DevicePolicy.parse("-1"));
  }

  @Test
  void addressesAndUuids() {
    DevicePolicy pci = DevicePolicy.pci("0000:0A:00.0");
    assertEquals(pci, DevicePolicy.parse("pci=0a:00.0"));
    assertEquals("PCI 0000:0a:00.0", pci.toString());
    UUID uuid = UUID.fromString("01234567-89ab-cdef-0123-456789abcdef");
    assertEquals(
        DevicePolicy.uuid(uuid), DevicePolicy.parse("uuid=01234567-89AB-CDEF-0123-456789abcdef"));
    for (String wrong : List.of("pci=", "pci=1:0.0", "pci=00:00.8", "uuid=", "uuid=1234")) {
      assertThrows(IllegalArgumentException.class, () -> DevicePolicy.parse(wrong), wrong);
    }
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "  "})
  void emptyTextsAreRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> DevicePolicy.parse(text));
    assertThrows(IllegalArgumentException.class, () -> DevicePolicy.named(text));
  }

  @Test
  void negativePositionsAreRefused() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> DevicePolicy.index(-1));
    assertEquals("device index is -1, but must be at least 0", refused.getMessage());
  }

  @Test
  void thePropertyOverridesOnlyAuto() {
    String old = System.getProperty(DevicePolicy.PROPERTY);
    try {
      System.setProperty(DevicePolicy.PROPERTY, "reference");
      assertEquals(DevicePolicy.REFERENCE, DevicePolicy.AUTO.overridden());
      assertEquals(DevicePolicy.JVM_ONLY, DevicePolicy.JVM_ONLY.overridden());
      assertEquals(DevicePolicy.index(1), DevicePolicy.index(1).overridden());
      System.setProperty(DevicePolicy.PROPERTY, " ");
      assertEquals(DevicePolicy.AUTO, DevicePolicy.AUTO.overridden());
    } finally {
      if (old == null) {
        System.clearProperty(DevicePolicy.PROPERTY);
      } else {
        System.setProperty(DevicePolicy.PROPERTY, old);
      }
    }
  }
}
