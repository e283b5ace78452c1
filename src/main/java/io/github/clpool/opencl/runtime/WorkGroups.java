package io.github.clpool.opencl.runtime;

import io.github.clpool.backend.DeviceException;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.Launch;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * The sizes that a launch is enqueued with. Immutable.
 *
 * @param global the work-items of each dimension, whole work-groups
 * @param local the work-group of each dimension
 */
public record WorkGroups(long[] global, long[] local) {
  /** A processor's thread has a stack of some MiB; arrays get this much of it. */
  private static final long STACK = 1 << 20;

  /**
   * Fits a launch to a device.
   *
   * @param wished the caller's work-group size, which replaces the plan's as {@code (size, 1, 1)}
   *     unless the kernel is built for that ({@link Launch#hasFixedLocal})
   * @param mostOfKernel the most work-items that the built kernel takes
   * @throws WorkGroupException if a kernel that is built for the plan's takes fewer
   */
  public static WorkGroups of(
      Launch launch, OptionalInt wished, DeviceProperties device, long mostOfKernel) {
    int dimensions = launch.global().size();
    long[] local = launch.local().stream().mapToLong(Long::longValue).toArray();
    if (launch.hasFixedLocal()) {
      requireFits(launch, local, device.maxWorkItems(), mostOfKernel);
    } else {
      if (wished.isPresent()) {
        Arrays.fill(local, 1);
        local[0] = wished.getAsInt();
      }
      shrink(local, device.maxWorkItems(), Math.min(mostOfKernel, mostOnStack(launch, device)));
    }
    long[] global = new long[dimensions];
    for (int i = 0; i < dimensions; i++) {
      global[i] = roundUp(launch, launch.global().get(i), local[i], device.addressBits());
    }
    return new WorkGroups(global, local);
  }

  private static long mostOnStack(Launch launch, DeviceProperties device) {
    boolean stacked = launch.privateBytes() > 0 && device.kind() == DeviceProfile.Kind.CPU;
    return stacked ? Math.max(STACK / launch.privateBytes(), 1) : Long.MAX_VALUE;
  }

  private static void shrink(long[] local, List<Long> mostOfDimension, long most) {
    for (int i = 0; i < local.length; i++) {
      local[i] = Math.min(local[i], mostOfDimension.get(i));
    }
    for (int i = local.length - 1; i >= 0 && product(local) > most; i--) {
      long others = product(local) / local[i];
      local[i] = Math.max(most / others, 1);
    }
  }

  private static void requireFits(
      Launch launch, long[] local, List<Long> mostOfDimension, long most) {
    if (product(local) > most) {
      throw new WorkGroupException(
          "%s: work-group %s has more work-items than the kernel takes, %d"
              .formatted(launch.kernel(), launch.local(), most),
          most);
    }
    for (int i = 0; i < local.length; i++) {
      if (local[i] > mostOfDimension.get(i)) {
        throw new DeviceException(
            "%s: work-group %s has more work-items in a dimension than the device takes, %s"
                .formatted(launch.kernel(), launch.local(), mostOfDimension));
      }
    }
  }

  private static long product(long[] sizes) {
    return Arrays.stream(sizes).reduce(1, Math::multiplyExact);
  }

  private static long roundUp(Launch launch, long size, long local, int addressBits) {
    long rounded = Math.multiplyExact(Math.addExact(size, local - 1) / local, local);
    if (addressBits < Long.SIZE && rounded >>> addressBits != 0) {
      throw new DeviceException(
          "%s: %d work-items in a dimension, but the device has %d address bits"
              .formatted(launch.kernel(), rounded, addressBits));
    }
    return rounded;
  }

  public boolean isEmpty() {
    return Arrays.stream(global).anyMatch(size -> size == 0);
  }
}
