package io.github.clpool.opencl;

import io.github.clpool.op.Problem;

/** An implementation that takes less than another, and else is that one. */
interface Narrowed extends OpenClImplementation {
  /** The other one. */
  OpenClImplementation whole();

  @Override
  default String name() {
    return whole().name();
  }

  @Override
  default boolean placesPerPlane() {
    return whole().placesPerPlane();
  }

  @Override
  default long iterations(Problem problem, DeviceProfile device) {
    return whole().iterations(problem, device);
  }

  @Override
  default LaunchPlan plan(Problem problem, DeviceProfile device) {
    return whole().plan(problem, device);
  }
}
