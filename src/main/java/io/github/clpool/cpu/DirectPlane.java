package io.github.clpool.cpu;

import io.github.clpool.backend.Arguments;
import io.github.clpool.exact.Sums;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.reference.Plane;
import io.github.clpool.reference.Weights;
import java.util.function.IntToDoubleFunction;

/** One plane after the other, each loaded into arrays of the computing type. */
final class DirectPlane<A> implements Plane {
  private final Problem problem;
  private final Arguments arguments;
  private final Numbers<A> numbers;
  private final Weights weights;
  private final Gather region;
  private final Gather covering;
  private int number;
  private Footprint footprint; // of the outputs

  DirectPlane(Problem problem, Arguments arguments, Numbers<A> numbers, Weights weights) {
    this.problem = problem;
    this.arguments = arguments;
    this.numbers = numbers;
    this.weights = weights;
    this.region = new Gather(numbers);
    this.covering = new Gather(numbers);
  }

  /** Becomes another plane of the call. */
  void goTo(int other, Footprints footprints) {
    number = other;
    footprint = footprints.regions();
    region.over(footprint);
    covering.over(footprints.covers());
  }

  @Override
  public Problem problem() {
    return problem;
  }

  @Override
  public Arguments arguments() {
    return arguments;
  }

  @Override
  public int number() {
    return number;
  }

  @Override
  public int n() {
    return number / (int) problem.input().c();
  }

  @Override
  public int c() {
    return number % (int) problem.input().c();
  }

  @Override
  public IntToDoubleFunction numbers(Role role, int channel) {
    Planes from = Planes.of(arguments.get(role));
    int plane = from.of(n(), channel);
    A array = numbers.array(from.shape().planeSize());
    numbers.load(
        from.storage(), from.start(plane), from.step(), array, 0, from.shape().planeSize());
    return i -> numbers.get(array, i);
  }

  @Override
  public double weight(int i) {
    return weights.get(c(), i);
  }

  @Override
  public int outputs() {
    return footprint.targets();
  }

  @Override
  public void forEachOutput(OutputAction action) {
    region.forEachTarget(output -> action.visit(output, region));
  }

  @Override
  public void store(Role role, int channel, double... values) {
    if (problem.has(role)) {
      Planes to = Planes.of(arguments.get(role));
      int plane = to.of(n(), channel);
      A array = numbers.array(values.length);
      for (int output = 0; output < values.length; output++) {
        numbers.set(array, output, values[output]);
      }
      numbers.store(array, 0, to.storage(), to.start(plane), to.step(), values.length);
    }
  }

  @Override
  public void storeGradient(Role role, CellGradient gradient) {
    if (problem.has(role)) {
      Planes to = Planes.of(arguments.get(role));
      int count = to.shape().planeSize();
      A sums = numbers.array(count);
      covering.forEachTarget(cell -> numbers.set(sums, cell, gradient.of(cell, covering)));
      to.storeGradient(
          numbers, number, sums, count, problem.accumulate() ? numbers.array(count) : null);
    }
  }

  @Override
  public void sumWeightGradient(int weight, OutputTerm term) {
    if (problem.has(Role.GRAD_WEIGHTS)) {
      double[] terms = new double[outputs()];
      forEachOutput(
          (output, cells) ->
              terms[output] = cells.isEmpty() ? Sums.SKIPPED : term.of(output, cells));
      Gather all = new Gather(numbers).over(footprint.whole());
      weights.put(n(), c(), weight, all.sum(output -> terms[output]));
    }
  }
}
