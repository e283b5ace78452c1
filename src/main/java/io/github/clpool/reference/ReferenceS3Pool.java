package io.github.clpool.reference;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Computation;
import io.github.clpool.exact.Precision;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.op.S3Pool;
import io.github.clpool.tensor.Shape;

/** S3Pool's inference: the maximum at stride 1, then the average. docs/semantics.md, section 6. */
final class ReferenceS3Pool implements ReferenceImplementation {
  @Override
  public Computation plan(Problem problem, Void device) {
    S3Pool s3 = (S3Pool) problem.operator();
    Shape input = problem.input();
    Geometry windows = s3.maximum().geometry(input);
    Geometry means = s3.average().geometry(s3.maximum().outputShape(input));
    Precision precision = Precision.of(problem.type());
    return arguments ->
        Cells.forEachPlane(
            input,
            (n, c) -> {
              Maxima maxima =
                  Maxima.of(
                      Cells.plane(arguments.get(Role.INPUT), n, c), windows, means, precision);
              if (problem.direction() == Direction.FORWARD) {
                Cells y = Cells.plane(arguments.get(Role.OUTPUT), n, c);
                Box.forEachOutput(
                    means,
                    precision,
                    (output, region) -> {
                      double sum = region.sum(at -> maxima.value[at]);
                      y.set(output, precision.round(sum / precision.round(region.count())));
                    });
              } else {
                backward(problem, arguments, n, c, maxima, precision);
              }
            });
  }

  private static void backward(
      Problem problem, Arguments arguments, long n, long c, Maxima maxima, Precision precision) {
    Cells g = Cells.plane(arguments.get(Role.GRAD_OUTPUT), n, c);
    Cells dx = Cells.plane(arguments.get(Role.GRAD_INPUT), n, c);
    double[] counts = new double[problem.output().planeSize()];
    Box.forEachOutput(
        maxima.means,
        precision,
        (output, region) -> counts[output] = precision.round(region.count()));
    double[] gradients = new double[maxima.value.length];
    Box.forEachCell(
        maxima.means,
        precision,
        (at, covers) ->
            gradients[at] =
                0.0 + covers.sum(output -> precision.round(g.get(output) / counts[output])));
    Box.forEachCell(
        maxima.windows,
        precision,
        (cell, covers) -> {
          double sum = covers.chain(at -> gradients[at], at -> maxima.index[at] == cell, precision);
          dx.setGradient(cell, sum, problem.accumulate());
        });
  }

  /** The maximum of every window of a plane, and where it is. */
  private record Maxima(Geometry windows, Geometry means, double[] value, int[] index) {
    static Maxima of(Cells x, Geometry windows, Geometry means, Precision precision) {
      int count = means.d().inputSize() * means.h().inputSize() * means.w().inputSize();
      Maxima maxima = new Maxima(windows, means, new double[count], new int[count]);
      Box.forEachOutput(
          windows,
          precision,
          (at, region) -> {
            Best best = Best.of(region, x::get);
            maxima.value[at] = best.value;
            maxima.index[at] = best.index;
          });
      return maxima;
    }
  }
}
