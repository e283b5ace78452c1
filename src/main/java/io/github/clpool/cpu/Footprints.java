package io.github.clpool.cpu;

import io.github.clpool.backend.Arguments;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Places;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Regions;

/**
 * The footprint of each plane of a call. Immutable.
 *
 * @param places where the regions lie
 * @param direction which way the footprints are seen
 * @param channels the number of channels
 * @param shared the footprint of all planes, or null if they differ
 */
record Footprints(Places places, Direction direction, long channels, Footprint shared) {
  static Footprints of(Problem problem, Arguments arguments) {
    return of(problem, problem.direction(), arguments);
  }

  static Footprints of(Problem problem, Direction direction, Arguments arguments) {
    Regions regions = problem.pool().regions();
    Places places = regions.places(problem, arguments::get, arguments::randomKey);
    return new Footprints(
        places,
        direction,
        problem.input().c(),
        places.perPlane() ? null : Footprint.of(places.of(0, 0), direction));
  }

  Footprint of(int plane) {
    return shared != null
        ? shared
        : Footprint.of(places.of(plane / channels, plane % channels), direction);
  }
}
