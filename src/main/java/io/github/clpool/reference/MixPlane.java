package io.github.clpool.reference;

import io.github.clpool.backend.Arguments;
import io.github.clpool.exact.Precision;
import io.github.clpool.exact.Sums;
import io.github.clpool.op.Divisor;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import java.util.function.IntToDoubleFunction;

/** One plane of a mix: maximum, average and divisor of each output, and what is made of them. */
final class MixPlane {
  final Problem problem;
  final Geometry geometry;
  final Arguments arguments;
  final Precision precision;
  final long n;
  final long c;
  final Cells x;
  private final Weights weights;
  private final double[] max;
  private final int[] index;
  private final double[] divisors;
  private final double[] avg;

  MixPlane(
      Problem problem,
      Geometry geometry,
      Divisor divisor,
      Arguments arguments,
      Weights weights,
      long n,
      long c) {
    this.problem = problem;
    this.geometry = geometry;
    this.arguments = arguments;
    this.precision = Cells.precision(problem.type());
    this.weights = weights;
    this.n = n;
    this.c = c;
    this.x = Cells.plane(arguments.get(Role.INPUT), n, c);
    this.divisors = ReferenceAvgPool.divisors(divisor, geometry, precision);
    this.max = new double[divisors.length];
    this.index = new int[divisors.length];
    this.avg = new double[divisors.length];
    Region.forEachOutput(
        geometry,
        (output, region) -> {
          Best best = new Best();
          region.forEach(cell -> best.offer(x.get(cell), cell));
          max[output] = best.value;
          index[output] = best.index;
          avg[output] = precision.round(region.sum(x::get, precision) / divisors[output]);
        });
  }

  double max(int output) {
    return max[output];
  }

  double avg(int output) {
    return avg[output];
  }

  /** How much more the maximum is than the average. */
  double difference(int output) {
    return precision.round(max[output] - avg[output]);
  }

  /** The plane of a tensor that has other channels than the input. */
  Cells cells(Role role, long channel) {
    return Cells.plane(arguments.get(role), n, channel);
  }

  double weight(int i) {
    return weights.get(c, i);
  }

  /** Stores a number for each output; those of empty regions are 0. */
  void store(Cells y, IntToDoubleFunction number) {
    for (int output = 0; output < index.length; output++) {
      y.set(output, index[output] < 0 ? 0 : number.applyAsDouble(output));
    }
  }

  /** Stores a share of the maximum plus a share of the average for each output. */
  void storeMix(IntToDoubleFunction ofMax, IntToDoubleFunction ofAvg) {
    store(
        cells(Role.OUTPUT, c),
        output ->
            precision.round(
                precision.round(ofMax.applyAsDouble(output) * max[output])
                    + precision.round(ofAvg.applyAsDouble(output) * avg[output])));
  }

  /** Makes the gradient of a cell. */
  @FunctionalInterface
  interface CellGradient {
    double of(int cell, Region covers);
  }

  /** Stores the gradient of each cell if it is asked for. */
  void storeGradient(CellGradient gradient) {
    if (problem.has(Role.GRAD_INPUT)) {
      Cells dx = cells(Role.GRAD_INPUT, c);
      Region.forEachCell(
          geometry,
          (cell, covers) -> dx.setGradient(cell, gradient.of(cell, covers), problem.accumulate()));
    }
  }

  /** By the maxima: one plain running sum over the outputs that selected the cell. */
  double maxGradient(int cell, Region covers, IntToDoubleFunction g) {
    double[] sum = {0};
    covers.forEach(
        output -> {
          if (index[output] == cell) {
            sum[0] = precision.round(sum[0] + g.applyAsDouble(output));
          }
        });
    return sum[0];
  }

  /** By the averages. */
  double avgGradient(Region covers, IntToDoubleFunction g) {
    double sum =
        covers.sum(
            output -> precision.round(g.applyAsDouble(output) / divisors[output]), precision);
    return precision.round(sum + 0.0);
  }

  /** By both; each is complete before they are added. */
  double gradient(int cell, Region covers, IntToDoubleFunction gOfMax, IntToDoubleFunction gOfAvg) {
    return precision.round(maxGradient(cell, covers, gOfMax) + avgGradient(covers, gOfAvg));
  }

  /** Sums what the outputs add to the gradient of a weight; empty regions add nothing. */
  void sumWeightGradient(int weight, IntToDoubleFunction term) {
    if (problem.has(Role.GRAD_WEIGHTS)) {
      double sum =
          Region.outputs(geometry)
              .sum(
                  output -> index[output] < 0 ? Sums.SKIPPED : term.applyAsDouble(output),
                  precision);
      weights.put(n, c, weight, sum);
    }
  }
}
