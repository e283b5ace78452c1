package io.github.clpool.cpu;

import io.github.clpool.backend.Arguments;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Places;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Regions;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * What the regions of a plane draw from, and in a backward call its cells, too.
 *
 * @param regions of the outputs, from their cells
 * @param covers of the cells, from the outputs that they feed; null forward
 */
record Footprints(Footprint regions, Footprint covers) {
  /** Planes of more cells take longer than their footprints, whose tables plans need not keep. */
  private static final int MOST_CELLS = 1 << 14;

  /** Finds the footprints of each plane of a call; short ones that no call changes at once. */
  static Function<Arguments, IntFunction<Footprints>> finder(Problem problem) {
    Regions regions = problem.pool().regions();
    if (!regions.isDrawn() && problem.input().planeSize() <= MOST_CELLS) {
      Footprints all = of(problem, regions.geometry(problem.input()));
      return arguments -> plane -> all;
    }
    return arguments -> of(problem, regions.places(problem, arguments::get, arguments::randomKey));
  }

  private static IntFunction<Footprints> of(Problem problem, Places places) {
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
