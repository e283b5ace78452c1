package io.github.clpool.op;

import io.github.clpool.tensor.Require;

/** Where regions lie in one call: the same for all planes, or for each plane elsewhere. */
@FunctionalInterface
public interface Places {
  /**
   * The regions of a plane.
   *
   * @param n its position in the batch
   * @param c its channel
   * @return the geometry; sizes are the same for all planes
   */
  Geometry of(long n, long c);

  /**
   * Whether planes differ.
   *
   * @return false if every plane has the same geometry
   */
  default boolean perPlane() {
    return true;
  }

  /**
   * The same regions in all planes.
   *
   * @param geometry the regions
   * @return the places
   */
  static Places everywhere(Geometry geometry) {
    Require.present("geometry", geometry);
    return new Places() {
      @Override
      public Geometry of(long n, long c) {
        return geometry;
      }

      @Override
      public boolean perPlane() {
        return false;
      }
    };
  }
}
