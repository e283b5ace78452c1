package io.github.clpool.cpu;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Computation;
import io.github.clpool.backend.HeapStorage;
import io.github.clpool.exact.PlaneSums;
import io.github.clpool.exact.Sums;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.Tensor;
import java.util.function.IntToDoubleFunction;

/**
 * Reductions that select no cell, plane by plane: outputs, or first the statistics of each output
 * and then the gradient of each cell from the outputs that it feeds. docs/semantics.md, section 5.
 */
final class DirectSmooth<A> implements Computation {
  private final Problem problem;
  private final Smooth smooth;
  private final Numbers<A> numbers;
  private final Parallel parallel;
  private final boolean forward;

  DirectSmooth(Problem problem, Numbers<A> numbers, Smooth smooth, Parallel parallel) {
    this.problem = problem;
    this.smooth = smooth;
    this.numbers = numbers;
    this.parallel = parallel;
    this.forward = problem.direction() == Direction.FORWARD;
  }

  /** The memory of one thread. */
  private final class Workspace {
    final int inputs = problem.input().planeSize();
    final int targets = problem.output().planeSize();
    final A cells = numbers.array(inputs);
    final A outputs = numbers.array(targets);
    final double[][] statistics = new double[forward ? 1 : targets][smooth.statistics()];
    final A gradient = forward ? null : numbers.array(inputs);
    final A old = problem.accumulate() ? numbers.array(inputs) : null;
    final Gather region = new Gather(numbers);
    final Gather covering = new Gather(numbers);
    final IntToDoubleFunction x = cell -> numbers.get(cells, cell);
  }

  @Override
  public void run(Arguments arguments) {
    Planes x = Planes.of(arguments.get(Role.INPUT));
    Planes y = Planes.of(arguments.get(forward ? Role.OUTPUT : Role.GRAD_OUTPUT));
    Footprints regions = Footprints.of(problem, Direction.FORWARD, arguments);
    Footprints covers = forward ? null : Footprints.of(problem, Direction.BACKWARD, arguments);
    int channels = (int) x.shape().c();
    PlaneSums sums = new PlaneSums((int) x.shape().n(), channels, numbers.precision());
    parallel.run(
        x.count(),
        x.shape().elements() + y.shape().elements(),
        Workspace::new,
        (workspace, plane) -> {
          int targets = workspace.targets;
          double parameter = parameter(arguments, plane % channels);
          workspace.region.over(regions.of(plane));
          numbers.load(x.storage(), x.start(plane), x.step(), workspace.cells, 0, workspace.inputs);
          if (forward) {
            reduce(workspace, parameter);
            numbers.store(workspace.outputs, 0, y.storage(), y.start(plane), y.step(), targets);
            return;
          }
          numbers.load(y.storage(), y.start(plane), y.step(), workspace.outputs, 0, targets);
          computeStatistics(workspace, parameter);
          if (problem.has(Role.GRAD_INPUT)) {
            workspace.covering.over(covers.of(plane));
            gather(workspace, parameter);
            Planes.of(arguments.get(Role.GRAD_INPUT))
                .storeGradient(numbers, plane, workspace.gradient, workspace.inputs, workspace.old);
          }
          if (problem.has(Role.GRAD_WEIGHTS)) {
            Footprint whole = regions.of(plane).whole();
            double sum = sumOfParameter(workspace, parameter, whole);
            sums.set(plane / channels, plane % channels, sum);
          }
        });
    if (problem.has(Role.GRAD_WEIGHTS)) {
      storeParameter(sums, arguments.get(Role.GRAD_WEIGHTS));
    }
  }

  private double parameter(Arguments arguments, int channel) {
    if (!problem.has(Role.WEIGHTS)) {
      return 0;
    }
    Tensor weights = arguments.get(Role.WEIGHTS);
    A one = numbers.array(1);
    int place = weights.shape().elements() == 1 ? 0 : channel;
    numbers.wide().load((HeapStorage) weights.storage(), place, 1, one, 0, 1);
    return numbers.get(one, 0);
  }

  private void reduce(Workspace workspace, double parameter) {
    Gather region = workspace.region;
    double[] unused = workspace.statistics[0];
    region.forEachTarget(
        output -> {
          double y = region.isEmpty() ? 0 : smooth.reduce(region, workspace.x, parameter, unused);
          numbers.set(workspace.outputs, output, y);
        });
  }

  private void computeStatistics(Workspace workspace, double parameter) {
    Gather region = workspace.region;
    region.forEachTarget(
        output -> {
          if (!region.isEmpty()) {
            smooth.reduce(region, workspace.x, parameter, workspace.statistics[output]);
          }
        });
  }

  private void gather(Workspace workspace, double parameter) {
    Gather covering = workspace.covering;
    covering.forEachTarget(
        cell -> {
          double x = numbers.get(workspace.cells, cell);
          double sum =
              covering.sum(
                  output -> {
                    double g = numbers.get(workspace.outputs, output);
                    return smooth.term(cell, x, g, parameter, workspace.statistics[output]);
                  });
          numbers.set(workspace.gradient, cell, sum);
        });
  }

  private double sumOfParameter(Workspace workspace, double parameter, Footprint whole) {
    Gather region = workspace.region;
    A terms = numbers.array(workspace.targets);
    region.forEachTarget(
        output -> {
          double g = numbers.get(workspace.outputs, output);
          double term =
              region.isEmpty()
                  ? Sums.SKIPPED
                  : smooth.parameterTerm(
                      region, workspace.x, g, parameter, workspace.statistics[output]);
          numbers.set(terms, output, term);
        });
    return new Gather(numbers).over(whole).sum(output -> numbers.get(terms, output));
  }

  private void storeParameter(PlaneSums sums, Tensor gradient) {
    HeapStorage storage = (HeapStorage) gradient.storage();
    double[] totals = sums.total((int) gradient.shape().elements());
    A array = numbers.array(totals.length);
    A old = problem.accumulate() ? numbers.array(totals.length) : null;
    for (int i = 0; i < totals.length; i++) {
      numbers.set(array, i, totals[i]);
    }
    if (old != null) {
      numbers.wide().load(storage, 0, 1, old, 0, totals.length);
    }
    numbers.complete(array, 0, totals.length, old);
    numbers.wide().store(array, 0, storage, 0, 1, totals.length);
  }
}
