package io.github.clpool.opencl.plan;

import java.util.List;

/**
 * What a device must do for one call: some launches, in order, and the memory that they share.
 * Immutable.
 *
 * @param launches the kernels to run, one after the other
 * @param temporaries the sizes in bytes of buffers that exist only during the call
 */
public record LaunchPlan(List<Launch> launches, List<Long> temporaries) {
  /**
   * Copies the lists.
   *
   * @param launches the kernels to run, one after the other
   * @param temporaries the sizes in bytes of buffers that exist only during the call
   */
  public LaunchPlan {
    launches = List.copyOf(launches);
    temporaries = List.copyOf(temporaries);
  }

  /**
   * A plan of launches that need no memory of their own.
   *
   * @param launches the launches
   * @return the plan
   */
  public static LaunchPlan of(Launch... launches) {
    return new LaunchPlan(List.of(launches), List.of());
  }
}
