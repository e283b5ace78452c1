package io.github.clpool.reference;

import io.github.clpool.backend.Arguments;
import io.github.clpool.exact.PlaneSums;
import io.github.clpool.exact.Precision;
import io.github.clpool.exact.Sums;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Places;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.Tensor;
import java.util.function.Function;

/** A reduction that selects no cell: every cell gets a term from every output that it feeds. */
interface ReferenceSmoothPool extends ReferencePool {
  /** One output, with what the terms of its cells need. */
  interface Output {
    /** The output itself. */
    double y();

    /** What the output, whose gradient is g, gives to the gradient of a cell. */
    double term(int cell, double g);

    /** What it gives to the gradient of the reduction's parameter. */
    default double parameterTerm(double g) {
      throw new UnsupportedOperationException("the reduction has no parameter");
    }
  }

  /** How the outputs of a plane come from their regions, which are not empty. */
  Function<Region, Output> plane(Cells x, Arguments arguments, int channel, Precision precision);

  @Override
  default void run(Problem problem, Places places, Arguments arguments) {
    Precision precision = Cells.precision(problem.type());
    PlaneSums parameter =
        new PlaneSums((int) problem.input().n(), (int) problem.input().c(), precision);
    Cells.forEachPlane(
        problem.input(),
        (n, c) -> {
          Geometry geometry = places.of(n, c);
          Cells x = Cells.plane(arguments.get(Role.INPUT), n, c);
          Function<Region, Output> plane = plane(x, arguments, (int) c, precision);
          Output[] outputs = new Output[(int) Region.outputs(geometry).count()];
          Region.forEachOutput(
              geometry,
              (output, region) ->
                  outputs[output] = region.count() == 0 ? null : plane.apply(region));
          if (problem.direction() == Direction.FORWARD) {
            Cells y = Cells.plane(arguments.get(Role.OUTPUT), n, c);
            for (int output = 0; output < outputs.length; output++) {
              y.set(output, outputs[output] == null ? 0 : outputs[output].y());
            }
            return;
          }
          Cells g = Cells.plane(arguments.get(Role.GRAD_OUTPUT), n, c);
          if (problem.has(Role.GRAD_INPUT)) {
            Cells dx = Cells.plane(arguments.get(Role.GRAD_INPUT), n, c);
            Region.forEachCell(
                geometry,
                (cell, covers) -> {
                  double sum =
                      covers.sum(output -> outputs[output].term(cell, g.get(output)), precision);
                  dx.setGradient(cell, sum, problem.accumulate());
                });
          }
          if (problem.has(Role.GRAD_WEIGHTS)) {
            double sum =
                Region.outputs(geometry)
                    .sum(
                        output ->
                            outputs[output] == null
                                ? Sums.SKIPPED
                                : outputs[output].parameterTerm(g.get(output)),
                        precision);
            parameter.set((int) n, (int) c, sum);
          }
        });
    if (problem.has(Role.GRAD_WEIGHTS)) {
      Tensor gradient = arguments.get(Role.GRAD_WEIGHTS);
      double[] sums = parameter.total((int) gradient.shape().elements());
      for (int i = 0; i < sums.length; i++) {
        Cells.array(gradient).setGradient(i, sums[i], problem.accumulate());
      }
    }
  }
}
