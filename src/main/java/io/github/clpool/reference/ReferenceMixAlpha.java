package io.github.clpool.reference;

import io.github.clpool.exact.Precision;
import io.github.clpool.op.Divisor;
import io.github.clpool.op.Role;

/** {@code alpha * max + (1 - alpha) * avg}, and the gradient of alpha. */
record ReferenceMixAlpha(Divisor divisor) implements ReferenceMix {
  @Override
  public void forward(MixPlane plane) {
    double alpha = plane.weight(0);
    double rest = plane.precision.round(1 - alpha);
    plane.storeMix(output -> alpha, output -> rest);
  }

  @Override
  public void backward(MixPlane plane) {
    Precision precision = plane.precision;
    double alpha = plane.weight(0);
    double rest = precision.round(1 - alpha);
    Cells g = plane.cells(Role.GRAD_OUTPUT, plane.c);
    plane.storeGradient(
        (cell, covers) ->
            plane.gradient(
                cell,
                covers,
                output -> precision.round(alpha * g.get(output)),
                output -> precision.round(rest * g.get(output))));
    plane.sumWeightGradient(0, output -> precision.round(g.get(output) * plane.difference(output)));
  }
}
