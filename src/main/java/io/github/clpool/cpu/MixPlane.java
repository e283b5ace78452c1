package io.github.clpool.cpu;

import io.github.clpool.exact.Maximum;
import io.github.clpool.exact.Sums;
import io.github.clpool.op.Divisor;
import io.github.clpool.op.Geometry;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * The maximum and the average of each output of a plane, and gradients by both. Memory of one
 * thread, used for one plane after the other.
 */
final class MixPlane<A> {
  private final Numbers<A> numbers;
  private final Gather region;
  private final Gather covering;
  private final double[] divisors;
  private final A cells;
  private final double[] max;
  private final double[] avg;
  private final int[] selected;
  private Footprint regions;

  MixPlane(Geometry geometry, Divisor divisor, Numbers<A> numbers) {
    int outputs = geometry.d().outputSize() * geometry.h().outputSize() * geometry.w().outputSize();
    this.numbers = numbers;
    this.region = new Gather(numbers);
    this.covering = new Gather(numbers);
    this.cells =
        numbers.array(
            geometry.d().inputSize() * geometry.h().inputSize() * geometry.w().inputSize());
    this.max = new double[outputs];
    this.avg = new double[outputs];
    this.selected = new int[outputs];
    this.divisors = divisors(geometry, divisor);
  }

  private double[] divisors(Geometry geometry, Divisor divisor) {
    double[] made = new double[selected.length];
    int output = 0;
    for (int od = 0; od < geometry.d().outputSize(); od++) {
      for (int oh = 0; oh < geometry.h().outputSize(); oh++) {
        for (int ow = 0; ow < geometry.w().outputSize(); ow++) {
          made[output++] = numbers.round(divisor.of(geometry, od, oh, ow));
        }
      }
    }
    return made;
  }

  /** Takes a plane and finds maxima and averages; those of empty regions mean nothing. */
  void load(Planes x, int plane, Footprint footprint) {
    regions = footprint;
    region.over(footprint);
    numbers.load(x.storage(), x.start(plane), x.step(), cells, 0, x.shape().planeSize());
    Arrays.fill(selected, -1);
    region.forEachTarget(
        output -> {
          region.forEach(cell -> offer(output, cell));
          avg[output] = numbers.round(region.sum(this::cell) / divisors[output]);
        });
  }

  private void offer(int output, int cell) {
    double value = cell(cell);
    if (selected[output] < 0 || Maximum.replaces(value, max[output])) {
      max[output] = value;
      selected[output] = cell;
    }
  }

  double cell(int cell) {
    return numbers.get(cells, cell);
  }

  double max(int output) {
    return max[output];
  }

  double avg(int output) {
    return avg[output];
  }

  /** How much more the maximum is than the average. */
  double difference(int output) {
    return numbers.round(max[output] - avg[output]);
  }

  int outputs() {
    return selected.length;
  }

  boolean isEmpty(int output) {
    return selected[output] < 0;
  }

  /** Sums a term of each cell over each output's region. */
  void sumRegions(OfOutputAndCell term, double[] sums) {
    region.forEachTarget(output -> sums[output] = region.sum(cell -> term.of(output, cell)));
  }

  /** What depends on an output and one of its cells. */
  @FunctionalInterface
  interface OfOutputAndCell {
    double of(int output, int cell);
  }

  /** Sums a term over all outputs; empty regions have none. */
  double sumOutputs(IntToDoubleFunction term) {
    return new Gather(numbers)
        .over(regions.whole())
        .sum(output -> isEmpty(output) ? Sums.SKIPPED : term.applyAsDouble(output));
  }

  /** Stores a number for each output; those of empty regions are 0. */
  void store(Planes y, int plane, IntToDoubleFunction number) {
    A outputs = numbers.array(outputs());
    for (int output = 0; output < outputs(); output++) {
      numbers.set(outputs, output, isEmpty(output) ? 0 : number.applyAsDouble(output));
    }
    numbers.store(outputs, 0, y.storage(), y.start(plane), y.step(), outputs());
  }

  /**
   * What outputs give to gradients; what is null is not in the output.
   *
   * @param ofMax to the cell that has the maximum
   * @param ofAvg to all cells together, by the average
   * @param ofCell to each cell, by the shares
   */
  record Terms(IntToDoubleFunction ofMax, IntToDoubleFunction ofAvg, OfOutputAndCell ofCell) {}

  /** Stores the gradient of each cell; its parts are complete before they are added. */
  void storeGradient(Planes dx, int plane, boolean accumulate, Footprint covers, Terms terms) {
    int count = dx.shape().planeSize();
    covering.over(covers);
    A gradient = numbers.array(count);
    covering.forEachTarget(
        cell -> {
          double sum = terms.ofMax() == null ? 0 : byMaxima(cell, terms.ofMax());
          if (terms.ofAvg() != null) {
            sum = numbers.round(sum + byAverages(terms.ofAvg()));
          }
          if (terms.ofCell() != null) {
            double byShares = covering.sum(output -> terms.ofCell().of(output, cell)) + 0.0;
            sum = numbers.round(sum + byShares);
          }
          numbers.set(gradient, cell, sum);
        });
    dx.storeGradient(numbers, plane, gradient, count, accumulate ? numbers.array(count) : null);
  }

  private double byMaxima(int cell, IntToDoubleFunction ofMax) {
    double[] sum = {0};
    covering.forEach(
        output -> {
          if (selected[output] == cell) {
            sum[0] = numbers.round(sum[0] + ofMax.applyAsDouble(output));
          }
        });
    return sum[0];
  }

  private double byAverages(IntToDoubleFunction ofAvg) {
    return covering.sum(output -> numbers.round(ofAvg.applyAsDouble(output) / divisors[output]))
        + 0.0;
  }
}
