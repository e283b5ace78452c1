package io.github.clpool.reference;

import io.github.clpool.exact.Precision;
import io.github.clpool.op.Role;
import java.util.function.IntToDoubleFunction;

/** One plane of a mix: maximum and average of each output, and what is made of them. */
final class MixPlane {
  final Plane plane;
  final Precision precision;
  final IntToDoubleFunction x;
  private final Divisors divisors;
  private final double[] max;
  private final int[] index;
  private final double[] avg;

  MixPlane(Plane plane, Divisors divisors) {
    this.plane = plane;
    this.precision = plane.precision();
    this.x = plane.numbers(Role.INPUT);
    this.divisors = divisors;
    this.max = new double[plane.outputs()];
    this.index = new int[plane.outputs()];
    this.avg = new double[plane.outputs()];
    plane.forEachOutput(
        (output, region) -> {
          Best best = Best.of(region, x);
          max[output] = best.value;
          index[output] = best.index;
          avg[output] = best.index < 0 ? 0 : divisors.divide(region.sum(x), output);
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

  /** Stores a number for each output of a channel; those of empty regions are 0. */
  void store(int channel, IntToDoubleFunction number) {
    double[] y = new double[index.length];
    for (int output = 0; output < y.length; output++) {
      y[output] = index[output] < 0 ? 0 : number.applyAsDouble(output);
    }
    plane.store(Role.OUTPUT, channel, y);
  }

  /** Stores a share of the maximum plus a share of the average for each output. */
  void storeMix(IntToDoubleFunction ofMax, IntToDoubleFunction ofAvg) {
    store(
        plane.c(),
        output ->
            precision.round(
                precision.round(ofMax.applyAsDouble(output) * max[output])
                    + precision.round(ofAvg.applyAsDouble(output) * avg[output])));
  }

  /** By the maxima: one plain running sum over the outputs that selected the cell. */
  Plane.CellGradient maxGradient(IntToDoubleFunction g) {
    return (cell, covers) -> covers.chain(g, output -> index[output] == cell, precision);
  }

  /** By the averages, complete. */
  Plane.CellGradient avgGradient(IntToDoubleFunction g) {
    double[] given = divisors.given(avg.length, g);
    return (cell, covers) -> 0.0 + covers.sum(output -> given[output]);
  }

  /** By both; each is complete before they are added. */
  Plane.CellGradient gradient(IntToDoubleFunction gOfMax, IntToDoubleFunction gOfAvg) {
    Plane.CellGradient ofMax = maxGradient(gOfMax);
    Plane.CellGradient ofAvg = avgGradient(gOfAvg);
    return (cell, covers) -> precision.round(ofMax.of(cell, covers) + ofAvg.of(cell, covers));
  }

  /** Stores the gradient by both. */
  void storeGradient(IntToDoubleFunction gOfMax, IntToDoubleFunction gOfAvg) {
    plane.storeGradient(Role.GRAD_INPUT, gradient(gOfMax, gOfAvg));
  }
}
