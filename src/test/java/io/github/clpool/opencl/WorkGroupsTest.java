package io.github.clpool.opencl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.backend.DeviceException;
import io.github.clpool.opencl.plan.Launch;
import io.github.clpool.opencl.runtime.DeviceProperties;
import io.github.clpool.opencl.runtime.WorkGroupException;
import io.github.clpool.opencl.runtime.WorkGroups;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class WorkGroupsTest {
  private static final DeviceProperties DEVICE = TestProperties.gpu();

  private static Launch launch(List<Long> global, List<Long> local) {
    return launch(Map.of(), global, local);
  }

  private static Launch launch(Map<String, String> macros, List<Long> global, List<Long> local) {
    return new Launch("a.cl", new TreeMap<>(macros), "a", List.of(), global, local);
  }

  private static void assertSizes(WorkGroups sizes, long[] global, long[] local) {
    assertArrayEquals(global, sizes.global());
    assertArrayEquals(local, sizes.local());
  }

  @Test
  void thePlansSizesAreRoundedUp() {
    Launch launch = launch(List.of(100L, 3L), List.of(64L, 1L));
    assertSizes(
        WorkGroups.of(launch, OptionalInt.empty(), DEVICE, 256),
        new long[] {128, 3},
        new long[] {64, 1});
  }

  @Test
  void aWishReplacesThePlansWithinTheDevicesLimits() {
    Launch launch = launch(List.of(100L, 3L), List.of(8L, 8L));
    assertSizes(
        WorkGroups.of(launch, OptionalInt.of(7), DEVICE, 256),
        new long[] {105, 3},
        new long[] {7, 1});
    assertSizes(
        WorkGroups.of(launch, OptionalInt.of(9999), DEVICE, 32),
        new long[] {128, 3},
        new long[] {32, 1});
  }

  @Test
  void aKernelThatTakesLessGetsLess() {
    Launch launch = launch(List.of(100L, 100L), List.of(16L, 16L));
    assertSizes(
        WorkGroups.of(launch, OptionalInt.empty(), DEVICE, 100),
        new long[] {112, 102},
        new long[] {16, 6});
  }

  @Test
  void aKernelThatIsBuiltForAWorkGroupGetsIt() {
    Launch launch = launch(Map.of(Launch.GROUP, "64"), List.of(100L), List.of(64L));
    assertSizes(
        WorkGroups.of(launch, OptionalInt.of(8), DEVICE, 256), new long[] {128}, new long[] {64});
    WorkGroupException tooLarge =
        assertThrows(
            WorkGroupException.class, () -> WorkGroups.of(launch, OptionalInt.empty(), DEVICE, 32));
    assertEquals(32, tooLarge.most());
  }

  @Test
  void largeArraysLimitTheWorkGroupOfAProcessor() {
    Launch launch =
        new Launch("a.cl", new TreeMap<>(), "a", List.of(), List.of(100L), List.of(1L), 100 << 10);
    DeviceProperties processor = TestProperties.named("PoCL", "cpu", DeviceProperties.Type.CPU);
    assertSizes(
        WorkGroups.of(launch, OptionalInt.of(64), processor, 256),
        new long[] {100},
        new long[] {10});
    assertSizes(
        WorkGroups.of(launch, OptionalInt.of(64), DEVICE, 256), new long[] {128}, new long[] {64});
  }

  @Test
  void nothingIsLaunchedForADimensionOfZero() {
    Launch launch = launch(List.of(0L, 4L), List.of(64L, 1L));
    assertTrue(WorkGroups.of(launch, OptionalInt.empty(), DEVICE, 256).isEmpty());
  }

  @Test
  void sizesBeyondTheAddressBitsAreRefused() {
    Launch launch = launch(List.of(1L << 32), List.of(1L));
    WorkGroups.of(launch, OptionalInt.empty(), DEVICE, 256);
    Exception refused =
        assertThrows(
            DeviceException.class,
            () -> WorkGroups.of(launch, OptionalInt.empty(), TestProperties.narrow(), 256));
    assertTrue(refused.getMessage().contains("4294967296"), refused::getMessage);
  }
}
