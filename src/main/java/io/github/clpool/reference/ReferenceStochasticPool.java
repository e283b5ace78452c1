package io.github.clpool.reference;

import io.github.clpool.backend.Arguments;
import io.github.clpool.exact.Philox;
import io.github.clpool.exact.Precision;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Places;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.RandomKey;
import io.github.clpool.op.Reduction;
import io.github.clpool.op.Role;
import java.util.function.IntToDoubleFunction;

/**
 * A cell drawn with a probability proportional to its value; once it is drawn, the gradient is that
 * of the maximum. docs/semantics.md, 3 and 5.
 */
record ReferenceStochasticPool() implements ReferencePool {
  static ReferencePool of(Operator operator) {
    boolean expects = ((Reduction.Stochastic) ((Pool) operator).reduction()).expects();
    return expects ? new ReferenceExpectedPool() : new ReferenceStochasticPool();
  }

  private static final double AGAINST_OVERFLOW = 0x1p-64;

  @Override
  public void run(Problem problem, Places places, Arguments arguments) {
    if (problem.direction() == Direction.BACKWARD) {
      new ReferenceMaxPool(false, false).run(problem, places, arguments);
      return;
    }
    RandomKey key = arguments.key().orElseThrow();
    Philox draws = key.numbers(Philox.Stream.OUTPUTS);
    Precision precision = Cells.precision(problem.type());
    boolean indices = problem.has(Role.INDICES);
    Cells.forEachPlane(
        problem.input(),
        (n, c) -> {
          Geometry geometry = places.of(n, c);
          Cells x = Cells.plane(arguments.get(Role.INPUT), n, c);
          Cells y = Cells.plane(arguments.get(Role.OUTPUT), n, c);
          Cells where = indices ? Cells.plane(arguments.get(Role.INDICES), n, c) : null;
          long first = (n * problem.input().c() + c) * Region.outputs(geometry).count();
          Region.forEachOutput(
              geometry,
              (output, region) -> {
                int cell = drawnCell(region, x::get, draws.uniform(first + output), precision);
                y.set(output, cell < 0 ? 0 : x.get(cell));
                if (indices) {
                  where.set(output, cell);
                }
              });
        });
  }

  /** The cell that u draws, or -1 if none is positive. */
  private static int drawnCell(
      Region region, IntToDoubleFunction x, double u, Precision precision) {
    int[] lastNan = {-1};
    int[] firstInfinity = {-1};
    region.forEach(
        cell -> {
          if (Double.isNaN(x.applyAsDouble(cell))) {
            lastNan[0] = cell;
          } else if (x.applyAsDouble(cell) == Double.POSITIVE_INFINITY && firstInfinity[0] < 0) {
            firstInfinity[0] = cell;
          }
        });
    if (lastNan[0] >= 0 || firstInfinity[0] >= 0) {
      return lastNan[0] >= 0 ? lastNan[0] : firstInfinity[0];
    }
    IntToDoubleFunction weight = cell -> Math.max(x.applyAsDouble(cell), 0.0);
    double total = total(region, weight, precision);
    if (total == Double.POSITIVE_INFINITY) {
      IntToDoubleFunction scaled =
          cell -> precision.round(weight.applyAsDouble(cell) * AGAINST_OVERFLOW);
      return draw(region, scaled, u, total(region, scaled, precision), precision);
    }
    return draw(region, weight, u, total, precision);
  }

  /** One plain running sum in flat order. */
  private static double total(Region region, IntToDoubleFunction weight, Precision precision) {
    double[] sum = {0};
    region.forEach(cell -> sum[0] = precision.round(sum[0] + weight.applyAsDouble(cell)));
    return sum[0];
  }

  /** The first cell whose running sum is above u * total, else the last of positive weight. */
  private static int draw(
      Region region, IntToDoubleFunction weight, double u, double total, Precision precision) {
    double threshold = precision.round(u * total);
    double[] sum = {0};
    int[] firstAbove = {-1};
    int[] lastPositive = {-1};
    region.forEach(
        cell -> {
          sum[0] = precision.round(sum[0] + weight.applyAsDouble(cell));
          if (sum[0] > threshold && firstAbove[0] < 0) {
            firstAbove[0] = cell;
          }
          if (weight.applyAsDouble(cell) > 0) {
            lastPositive[0] = cell;
          }
        });
    return firstAbove[0] >= 0 ? firstAbove[0] : lastPositive[0];
  }
}
