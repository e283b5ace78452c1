package io.github.clpool.cpu;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Computation;
import io.github.clpool.exact.Maximum;
import io.github.clpool.exact.Sums;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;

/** The average weighted by the exponentials of logits, plane by plane. docs/semantics.md, 5. */
final class DirectImportance<A> implements Computation {
  private final Problem problem;
  private final Numbers<A> numbers;
  private final Parallel parallel;

  DirectImportance(Problem problem, Numbers<A> numbers, Parallel parallel) {
    this.problem = problem;
    this.numbers = numbers;
    this.parallel = parallel;
  }

  /** The memory of one thread: a plane, and of each output greatest logit, sum of weights, mean. */
  private final class Workspace {
    final int inputs = problem.input().planeSize();
    final int outputs = problem.output().planeSize();
    final A x = numbers.array(inputs);
    final A logits = numbers.array(inputs);
    final double[] greatest = new double[outputs];
    final double[] sums = new double[outputs];
    final A means = numbers.array(outputs);
    final A gradients = numbers.array(outputs);
    final A result = numbers.array(inputs);
    final A old = problem.accumulate() ? numbers.array(inputs) : null;
    final Gather region = new Gather(numbers);
    final Gather covering = new Gather(numbers);
  }

  @Override
  public void run(Arguments arguments) {
    boolean forward = problem.direction() == Direction.FORWARD;
    Planes x = Planes.of(arguments.get(Role.INPUT));
    Planes logits = Planes.of(arguments.get(Role.LOGITS));
    Planes y = Planes.of(arguments.get(forward ? Role.OUTPUT : Role.GRAD_OUTPUT));
    Footprints regions = Footprints.of(problem, Direction.FORWARD, arguments);
    Footprints covers = forward ? null : Footprints.of(problem, Direction.BACKWARD, arguments);
    parallel.run(
        x.count(),
        2 * x.shape().elements() + y.shape().elements(),
        Workspace::new,
        (workspace, plane) -> {
          load(x, plane, workspace.x);
          load(logits, plane, workspace.logits);
          workspace.region.over(regions.of(plane));
          workspace.region.forEachTarget(output -> reduce(workspace, output));
          if (forward) {
            numbers.store(
                workspace.means, 0, y.storage(), y.start(plane), y.step(), workspace.outputs);
            return;
          }
          load(y, plane, workspace.gradients);
          workspace.covering.over(covers.of(plane));
          for (Role role : new Role[] {Role.GRAD_INPUT, Role.GRAD_LOGITS}) {
            if (problem.has(role)) {
              gather(workspace, role == Role.GRAD_LOGITS);
              Planes.of(arguments.get(role))
                  .storeGradient(numbers, plane, workspace.result, workspace.inputs, workspace.old);
            }
          }
        });
  }

  private void load(Planes from, int plane, A target) {
    int count = from.shape().planeSize();
    numbers.load(from.storage(), from.start(plane), from.step(), target, 0, count);
  }

  private void reduce(Workspace workspace, int output) {
    Gather region = workspace.region;
    if (region.isEmpty()) {
      numbers.set(workspace.means, output, 0);
      return;
    }
    double[] greatest = workspace.greatest;
    greatest[output] = Double.NEGATIVE_INFINITY;
    region.forEach(
        cell -> {
          double logit = numbers.get(workspace.logits, cell);
          if (Maximum.replaces(logit, greatest[output])) {
            greatest[output] = logit;
          }
        });
    workspace.sums[output] = region.sum(cell -> importance(workspace, cell, output));
    double moments =
        region.sum(
            cell -> {
              double e = importance(workspace, cell, output);
              return e == 0 ? Sums.SKIPPED : numbers.round(e * numbers.get(workspace.x, cell));
            });
    numbers.set(workspace.means, output, moments / workspace.sums[output]);
  }

  /** How much a cell weighs beside the one with the greatest logit; 0 adds nothing to a sum. */
  private double importance(Workspace workspace, int cell, int output) {
    double logit = numbers.get(workspace.logits, cell);
    double greatest = workspace.greatest[output];
    return logit == greatest ? 1 : numbers.precision().exp(numbers.round(logit - greatest));
  }

  private void gather(Workspace workspace, boolean ofLogits) {
    Gather covering = workspace.covering;
    covering.forEachTarget(
        cell ->
            numbers.set(
                workspace.result,
                cell,
                covering.sum(output -> term(workspace, cell, output, ofLogits))));
  }

  /** What an output gives to the gradient of a cell, or to that of its logit. */
  private double term(Workspace workspace, int cell, int output, boolean ofLogits) {
    double e = importance(workspace, cell, output);
    if (e == 0) {
      return Sums.SKIPPED;
    }
    double share = numbers.round(e / workspace.sums[output]);
    double term = numbers.round(numbers.get(workspace.gradients, output) * share);
    double mean = numbers.get(workspace.means, output);
    return ofLogits
        ? numbers.round(term * numbers.round(numbers.get(workspace.x, cell) - mean))
        : term;
  }
}
