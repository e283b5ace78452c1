package io.github.clpool.opencl.plan;

import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

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

  /**
   * The same plan for tensors whose planes may lie apart in larger buffers.
   *
   * @return the plan, of an implementation that takes views
   */
  public LaunchPlan ofViews() {
    return Views.of(this);
  }

  /**
   * The same plan with another launch at its end.
   *
   * @param launch the launch
   * @param more the sizes in bytes of the temporaries that come with it, numbered on
   * @return the longer copy
   */
  public LaunchPlan then(Launch launch, long... more) {
    return new LaunchPlan(
        Stream.concat(launches.stream(), Stream.of(launch)).toList(),
        Stream.concat(temporaries.stream(), LongStream.of(more).boxed()).toList());
  }
}
