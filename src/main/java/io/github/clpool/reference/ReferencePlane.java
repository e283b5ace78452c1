package io.github.clpool.reference;

import io.github.clpool.backend.Arguments;
import io.github.clpool.exact.Sums;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import java.util.function.IntToDoubleFunction;

/** A plane as simply as can be: every number is read and rounded when it is asked for. */
record ReferencePlane(
    Problem problem, Geometry geometry, Arguments arguments, Weights weights, int n, int c)
    implements Plane {
  private Cells cells(Role role, int channel) {
    return Cells.plane(arguments.get(role), n, channel);
  }

  @Override
  public IntToDoubleFunction numbers(Role role, int channel) {
    return cells(role, channel)::get;
  }

  @Override
  public double weight(int i) {
    return weights.get(c, i);
  }

  @Override
  public int outputs() {
    return (int) Box.outputs(geometry, precision()).count();
  }

  @Override
  public void forEachOutput(OutputAction action) {
    Box.forEachOutput(geometry, precision(), action::visit);
  }

  @Override
  public void store(Role role, int channel, double... numbers) {
    if (problem.has(role)) {
      Cells target = cells(role, channel);
      for (int output = 0; output < numbers.length; output++) {
        target.set(output, numbers[output]);
      }
    }
  }

  @Override
  public void storeGradient(Role role, CellGradient gradient) {
    if (problem.has(role)) {
      Cells target = cells(role, c);
      Box.forEachCell(
          geometry,
          precision(),
          (cell, covers) ->
              target.setGradient(cell, gradient.of(cell, covers), problem.accumulate()));
    }
  }

  @Override
  public void sumWeightGradient(int weight, OutputTerm term) {
    if (problem.has(Role.GRAD_WEIGHTS)) {
      double[] terms = new double[outputs()];
      forEachOutput(
          (output, region) ->
              terms[output] = region.isEmpty() ? Sums.SKIPPED : term.of(output, region));
      weights.put(n, c, weight, Box.outputs(geometry, precision()).sum(output -> terms[output]));
    }
  }
}
