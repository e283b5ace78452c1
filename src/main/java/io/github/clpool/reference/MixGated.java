package io.github.clpool.reference;

import io.github.clpool.exact.Precision;
import io.github.clpool.exact.Sums;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.op.WindowTaps;
import java.util.function.IntToDoubleFunction;

/**
 * {@code t * max + (1 - t) * avg}, t the sigmoid of the dot product of weights and cells, and the
 * gradient of the weights.
 */
final class MixGated extends MixFormula {
  private final WindowTaps taps;

  MixGated(Problem problem) {
    super(problem);
    taps = new WindowTaps(problem.pool().geometry(problem.input()));
  }

  @Override
  void forward(MixPlane mix) {
    double[] t = gates(mix);
    mix.storeMix(output -> t[output], output -> mix.precision.round(1 - t[output]));
  }

  @Override
  void backward(MixPlane mix) {
    Precision precision = mix.precision;
    Plane plane = mix.plane;
    double[] t = gates(mix);
    IntToDoubleFunction g = plane.numbers(Role.GRAD_OUTPUT);
    IntToDoubleFunction k =
        o -> {
          double slope = precision.round(t[o] * precision.round(1 - t[o]));
          return precision.round(precision.round(g.applyAsDouble(o) * slope) * mix.difference(o));
        };
    Plane.CellGradient mixed =
        mix.gradient(
            o -> precision.round(t[o] * g.applyAsDouble(o)),
            o -> precision.round(precision.round(1 - t[o]) * g.applyAsDouble(o)));
    plane.storeGradient(
        Role.GRAD_INPUT,
        (cell, covers) -> {
          double sum =
              covers.sum(
                  o -> precision.round(k.applyAsDouble(o) * plane.weight(taps.tap(o, cell))));
          return precision.round(mixed.of(cell, covers) + precision.round(sum + 0.0));
        });
    for (int tap = 0; tap < taps.count(); tap++) {
      int weight = tap;
      plane.sumWeightGradient(
          weight,
          (output, region) -> {
            int cell = taps.cell(output, weight);
            return cell < 0
                ? Sums.SKIPPED
                : precision.round(k.applyAsDouble(output) * mix.x.applyAsDouble(cell));
          });
    }
  }

  private double[] gates(MixPlane mix) {
    Plane plane = mix.plane;
    double[] t = new double[plane.outputs()];
    plane.forEachOutput(
        (output, region) ->
            t[output] =
                mix.precision.sigmoid(
                    region.sum(
                        cell ->
                            mix.precision.round(
                                plane.weight(taps.tap(output, cell))
                                    * mix.x.applyAsDouble(cell)))));
    return t;
  }
}
