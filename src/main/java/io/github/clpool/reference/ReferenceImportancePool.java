package io.github.clpool.reference;

import io.github.clpool.backend.Arguments;
import io.github.clpool.exact.Precision;
import io.github.clpool.exact.Sums;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Places;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;

/** The average weighted by the exponentials of logits (LIP). docs/semantics.md, section 5. */
record ReferenceImportancePool() implements ReferencePool {
  @Override
  public void run(Problem problem, Places places, Arguments arguments) {
    Precision precision = Cells.precision(problem.type());
    Cells.forEachPlane(
        problem.input(),
        (n, c) -> {
          Geometry geometry = places.of(n, c);
          Cells x = Cells.plane(arguments.get(Role.INPUT), n, c);
          Cells logits = Cells.plane(arguments.get(Role.LOGITS), n, c);
          Outputs outputs = Outputs.of(geometry, x, logits, precision);
          if (problem.direction() == Direction.FORWARD) {
            Cells y = Cells.plane(arguments.get(Role.OUTPUT), n, c);
            for (int output = 0; output < outputs.y.length; output++) {
              y.set(output, outputs.y[output]);
            }
          }
          Cells g =
              problem.has(Role.GRAD_OUTPUT)
                  ? Cells.plane(arguments.get(Role.GRAD_OUTPUT), n, c)
                  : null;
          if (problem.has(Role.GRAD_INPUT)) {
            Cells dx = Cells.plane(arguments.get(Role.GRAD_INPUT), n, c);
            Region.forEachCell(
                geometry,
                (cell, covers) -> {
                  double sum = covers.sum(output -> outputs.term(cell, output, g), precision);
                  dx.setGradient(cell, sum, problem.accumulate());
                });
          }
          if (problem.has(Role.GRAD_LOGITS)) {
            Cells dl = Cells.plane(arguments.get(Role.GRAD_LOGITS), n, c);
            Region.forEachCell(
                geometry,
                (cell, covers) -> {
                  double sum = covers.sum(output -> outputs.logitTerm(cell, output, g), precision);
                  dl.setGradient(cell, sum, problem.accumulate());
                });
          }
        });
  }

  /** For each output of a plane the greatest logit, the sum of the exponentials and the result. */
  private record Outputs(
      Cells x, Cells logits, Precision precision, double[] m, double[] s, double[] y) {
    static Outputs of(Geometry geometry, Cells x, Cells logits, Precision precision) {
      int count = (int) Region.outputs(geometry).count();
      Outputs outputs =
          new Outputs(
              x, logits, precision, new double[count], new double[count], new double[count]);
      Region.forEachOutput(
          geometry,
          (output, region) -> {
            if (region.count() > 0) {
              outputs.compute(output, region);
            }
          });
      return outputs;
    }

    private void compute(int output, Region region) {
      Best best = new Best();
      region.forEach(cell -> best.offer(logits.get(cell), cell));
      m[output] = best.value;
      s[output] = region.sum(cell -> skipZero(e(cell, output)), precision);
      double sum =
          region.sum(
              cell -> {
                double e = e(cell, output);
                return e == 0 ? Sums.SKIPPED : precision.round(e * x.get(cell));
              },
              precision);
      y[output] = precision.round(sum / s[output]);
    }

    private static double skipZero(double e) {
      return e == 0 ? Sums.SKIPPED : e;
    }

    /** How much a cell weighs beside the one with the greatest logit. */
    private double e(int cell, int output) {
      double logit = logits.get(cell);
      return logit == m[output] ? 1 : precision.exp(precision.round(logit - m[output]));
    }

    /** What an output gives to the gradient of a cell. */
    double term(int cell, int output, Cells g) {
      double e = e(cell, output);
      return e == 0
          ? Sums.SKIPPED
          : precision.round(g.get(output) * precision.round(e / s[output]));
    }

    /** What an output gives to the gradient of a cell's logit. */
    double logitTerm(int cell, int output, Cells g) {
      return e(cell, output) == 0
          ? Sums.SKIPPED
          : precision.round(term(cell, output, g) * precision.round(x.get(cell) - y[output]));
    }
  }
}
