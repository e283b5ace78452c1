package io.github.clpool.cpu;

import io.github.clpool.backend.Arguments;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Places;
import io.github.clpool.op.Problem;
import java.util.function.IntFunction;

/**
 * What the regions of a plane draw from, and in a backward call its cells, too.
 *
 * @param regions of the outputs, from their cells
 * @param covers of the cells, from the outputs that they feed; null forward
 */
record Footprints(Footprint regions, Footprint covers) {
  /** The footprints of each plane of a call. */
  static IntFunction<Footprints> of(Problem problem, Arguments arguments) {
    Places places = problem.pool().regions().places(problem, arguments::get, arguments::randomKey);
    if (places.perPlane()) {
      long channels = problem.input().c();
      return plane -> of(problem, places.of(plane / channels, plane % channels));
    }
    Footprints all = of(problem, places.of(0, 0));
    return plane -> all;
  }

  private static Footprints of(Problem problem, Geometry geometry) {
    return new Footprints(
        Footprint.of(geometry, Direction.FORWARD),
        problem.direction() == Direction.FORWARD
            ? null
            : Footprint.of(geometry, Direction.BACKWARD));
  }
}
