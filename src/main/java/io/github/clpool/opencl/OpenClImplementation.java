package io.github.clpool.opencl;

import io.github.clpool.backend.Implementation;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;

/** An implementation that plans launches. Stateless. */
public interface OpenClImplementation extends Implementation<DeviceProfile, LaunchPlan> {
  /**
   * Whether every region is found through {@code lib/regions.clh} by work-items that belong to a
   * plane, so that regions may lie elsewhere in each plane.
   *
   * @return false unless the implementation says otherwise
   */
  default boolean placesPerPlane() {
    return false;
  }

  /**
   * How often the loops of one work-item go round at most, all together: some devices end them
   * early. By default what a few passes over the largest region take.
   *
   * @param problem a problem that was accepted
   * @param device the device
   * @return an upper bound
   */
  default long iterations(Problem problem, DeviceProfile device) {
    return problem.operator() instanceof Pool
        ? Loops.nest(PoolFamily.of(problem).passes(), Loops.overRegions(problem))
        : 0;
  }
}
