package io.github.clpool.opencl.plan;

import io.github.clpool.backend.Implementation;

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
   * Whether a team of work-items goes through a region together, a column of it each at a time.
   *
   * @return true if one does
   */
  default boolean sharesRegions() {
    return false;
  }
}
