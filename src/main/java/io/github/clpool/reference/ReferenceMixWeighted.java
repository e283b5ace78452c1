package io.github.clpool.reference;

import io.github.clpool.exact.Precision;
import io.github.clpool.op.Divisor;
import io.github.clpool.op.Mixture;
import io.github.clpool.op.Role;

/** {@code a * max + b * avg}. */
record ReferenceMixWeighted(Mixture.Weighted shares, Divisor divisor) implements ReferenceMix {
  @Override
  public void forward(MixPlane plane) {
    Precision precision = plane.precision;
    plane.storeMix(o -> precision.round(shares.a()), o -> precision.round(shares.b()));
  }

  @Override
  public void backward(MixPlane plane) {
    Precision precision = plane.precision;
    double a = precision.round(shares.a());
    double b = precision.round(shares.b());
    Cells g = plane.cells(Role.GRAD_OUTPUT, plane.c);
    plane.storeGradient(
        (cell, covers) ->
            plane.gradient(
                cell,
                covers,
                output -> precision.round(a * g.get(output)),
                output -> precision.round(b * g.get(output))));
  }
}
