package io.github.clpool.reference;

import io.github.clpool.backend.Arguments;
import io.github.clpool.exact.Maximum;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Places;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;

/** Maximum and, as the maximum of negated cells, minimum. docs/semantics.md, 2.4 and 5. */
record ReferenceMaxPool(boolean minimum) implements ReferencePool {
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
          region.forEach(cell -> best.offer(sign * x.get(cell), cell));
          y.set(output, sign * best.value);
          if (indices) {
            where.set(output, best.index);
          }
        });
  }

  private static void backward(
      Geometry geometry, Arguments arguments, long n, long c, boolean accumulate) {
    Cells g = Cells.plane(arguments.get(Role.GRAD_OUTPUT), n, c);
    Cells where = Cells.plane(arguments.get(Role.INDICES), n, c);
    Cells dx = Cells.plane(arguments.get(Role.GRAD_INPUT), n, c);
    var precision = Cells.precision(arguments.get(Role.GRAD_INPUT).type());
    Region.forEachCell(
        geometry,
        (cell, covers) -> {
          double[] sum = {0};
          covers.forEach(
              output -> {
                if ((int) where.get(output) == cell) {
                  sum[0] = precision.round(sum[0] + g.get(output));
                }
              });
          dx.setGradient(cell, sum[0], accumulate);
        });
  }

  /** The greatest cell so far, and where it is. */
  private static final class Best {
    double value = Double.NEGATIVE_INFINITY;
    int index = -1;

    void offer(double cell, int at) {
      if (index < 0 || Maximum.replaces(cell, value)) {
        value = cell;
        index = at;
      }
    }
  }
}
