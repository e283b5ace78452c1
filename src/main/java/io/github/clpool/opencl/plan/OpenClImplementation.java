package io.github.clpool.opencl.plan;

import io.github.clpool.backend.Implementation;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
import io.github.clpool.tensor.Shape;

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
   * Whether its kernels take windows that lie in the padding altogether, whose regions are empty.
   *
   * @return true if they do
   */
  default boolean takesWindowsInPadding() {
    return false;
  }

  /**
   * Whether its kernels find the planes of all tensors by {@code lib/planes.clh}, so that these may
   * lie apart in larger buffers. Others are given packed copies of such tensors.
   *
   * @return true if they do
   */
  default boolean takesViews() {
    return false;
  }

  /**
   * What becomes of views, in a few words.
   *
   * @return whether they are read and written in place
   */
  default String aboutViews() {
    return takesViews() ? "views in place" : "views packed";
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
   * How often the loops of a work-item go round at most; need not be exact.
   *
   * @param problem a problem that it accepts
   * @param device where it would run
   * @return a bound; by default all that there is to do, twice over, for one that owns rows, and 0
   *     for others, whose loops compilers unroll
   */
  default double iterations(Problem problem, DeviceProfile device) {
    if (!ownsRows()) {
      return 0;
    }
    double elements = 0;
    for (Shape shape : problem.arguments().values()) {
      elements += shape.elements();
    }
    double each = problem.operator() instanceof Pool ? PoolCall.loops(problem) : 1;
    return 2 * (elements + 64) * (each + 2);
  }
}
