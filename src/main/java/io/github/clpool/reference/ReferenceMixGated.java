package io.github.clpool.reference;

import io.github.clpool.exact.Precision;
import io.github.clpool.exact.Sums;
import io.github.clpool.op.Divisor;
import io.github.clpool.op.Role;
import io.github.clpool.op.WindowTaps;
import java.util.function.IntToDoubleFunction;

/**
 * {@code t * max + (1 - t) * avg}, t the sigmoid of the dot product of weights and cells, and the
 * gradient of the weights.
 */
record ReferenceMixGated(Divisor divisor) implements ReferenceMix {
  @Override
  public void forward(MixPlane plane) {
    double[] t = gates(plane);
    plane.storeMix(output -> t[output], output -> plane.precision.round(1 - t[output]));
  }

  @Override
  public void backward(MixPlane plane) {
    Precision precision = plane.precision;
    double[] t = gates(plane);
    Cells g = plane.cells(Role.GRAD_OUTPUT, plane.c);
    IntToDoubleFunction k =
        o -> {
          double slope = precision.round(t[o] * precision.round(1 - t[o]));
          return precision.round(precision.round(g.get(o) * slope) * plane.difference(o));
        };
    WindowTaps taps = new WindowTaps(plane.geometry);
    plane.storeGradient(
        (cell, covers) -> {
          double mixed =
              plane.gradient(
                  cell,
                  covers,
                  o -> precision.round(t[o] * g.get(o)),
                  o -> precision.round(precision.round(1 - t[o]) * g.get(o)));
          double sum =
              covers.sum(
                  o -> precision.round(k.applyAsDouble(o) * plane.weight(taps.tap(o, cell))),
                  precision);
          return precision.round(mixed + precision.round(sum + 0.0));
        });
    for (int tap = 0; tap < taps.count(); tap++) {
      int weight = tap;
      plane.sumWeightGradient(
          weight,
          output -> {
            int cell = taps.cell(output, weight);
            return cell < 0
                ? Sums.SKIPPED
                : precision.round(k.applyAsDouble(output) * plane.x.get(cell));
          });
    }
  }

  private static double[] gates(MixPlane plane) {
    Precision precision = plane.precision;
    WindowTaps taps = new WindowTaps(plane.geometry);
    double[] t = new double[(int) Region.outputs(plane.geometry).count()];
    Region.forEachOutput(
        plane.geometry,
        (output, region) ->
            t[output] =
                precision.sigmoid(
                    region.sum(
                        cell ->
                            precision.round(
                                plane.weight(taps.tap(output, cell)) * plane.x.get(cell)),
                        precision)));
    return t;
  }
}
