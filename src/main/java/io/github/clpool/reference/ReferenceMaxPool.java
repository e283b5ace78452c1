package io.github.clpool.reference;

import io.github.clpool.backend.Arguments;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Places;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;

/**
 * Maximum and, as the maximum of negated cells or of magnitudes, minimum and the p-norm with p =
 * infinity. docs/semantics.md, 2.4 and 5.
 */
record ReferenceMaxPool(boolean minimum, boolean magnitudes) implements ReferencePool {
  @Override
  public void run(Problem problem, Places places, Arguments arguments) {
    Cells.forEachPlane(
        problem.input(),
        (n, c) -> {
          Geometry geometry = places.of(n, c);
          if (problem.direction() == Direction.FORWARD) {
            forward(geometry, arguments, n, c, problem.has(Role.INDICES));
          } else {
            backward(geometry, arguments, n, c, problem.accumulate());
          }
        });
  }

  private void forward(Geometry geometry, Arguments arguments, long n, long c, boolean indices) {
    Cells x = Cells.plane(arguments.get(Role.INPUT), n, c);
    Cells y = Cells.plane(arguments.get(Role.OUTPUT), n, c);
    Cells where = indices ? Cells.plane(arguments.get(Role.INDICES), n, c) : null;
    double sign = minimum ? -1 : 1;
    Region.forEachOutput(
        geometry,
        (output, region) -> {
          Best best = new Best();
          region.forEach(
              cell -> best.offer(magnitudes ? Math.abs(x.get(cell)) : sign * x.get(cell), cell));
          y.set(output, magnitudes && best.index < 0 ? 0 : sign * best.value);
          if (indices) {
            where.set(output, best.index);
          }
        });
  }

  private void backward(
      Geometry geometry, Arguments arguments, long n, long c, boolean accumulate) {
    Cells g = Cells.plane(arguments.get(Role.GRAD_OUTPUT), n, c);
    Cells where = Cells.plane(arguments.get(Role.INDICES), n, c);
    Cells dx = Cells.plane(arguments.get(Role.GRAD_INPUT), n, c);
    Cells x = magnitudes ? Cells.plane(arguments.get(Role.INPUT), n, c) : null;
    var precision = Cells.precision(arguments.get(Role.GRAD_INPUT).type());
    Region.forEachCell(
        geometry,
        (cell, covers) -> {
          double slope = magnitudes ? sign(x.get(cell)) : 1;
          double[] sum = {0};
          covers.forEach(
              output -> {
                if ((int) where.get(output) == cell) {
                  sum[0] = precision.round(sum[0] + g.get(output) * slope);
                }
              });
          dx.setGradient(cell, sum[0], accumulate);
        });
  }

  /** 1, -1 or 0: neither zeros nor NaNs have a sign. */
  static double sign(double x) {
    return x > 0 ? 1 : x < 0 ? -1 : 0;
  }
}
