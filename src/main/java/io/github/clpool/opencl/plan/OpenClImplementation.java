package io.github.clpool.opencl.plan;

import io.github.clpool.backend.Implementation;
import io.github.clpool.op.Problem;

/** An implementation that plans launches. Stateless. */
public interface OpenClImplementation extends Implementation<DeviceProfile, LaunchPlan> {
  /**
   * Whether its kernels take regions that lie elsewhere in each plane.
   *
   * @return true if they do
   */
  default boolean placesPerPlane() {
    return false;
  }

  /**
   * Whether a work-item owns whole rows or planes, with private arrays, as suits a processor; else
   * it makes a result or a few.
   *
   * @return true if it does
   */
  default boolean ownsRows() {
    return false;
  }

  /**
   * How often the loops of a work-item go round at most where it does not own rows; need not be
   * exact.
   *
   * @param problem a problem that it accepts
   * @param device where it would run
   * @return a bound
   */
  default long iterations(Problem problem, DeviceProfile device) {
    return 0;
  }
}
