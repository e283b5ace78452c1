package io.github.clpool.backend;

import io.github.clpool.exact.Precision;
import io.github.clpool.op.Fractional;
import io.github.clpool.op.Places;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Regions;
import io.github.clpool.op.Role;
import io.github.clpool.op.Sampled;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;

/** Lays the regions of a call over its planes, for backends on Java arrays. Stateless. */
public final class Placement {
  private Placement() {}

  /**
   * Finds where the regions of a call lie.
   *
   * @param problem a call of a {@link Pool}
   * @param arguments what the call is given
   * @return the places
   * @throws IllegalArgumentException if a sample is not in [0, 1)
   */
  public static Places of(Problem problem, Arguments arguments) {
    Shape input = problem.input();
    Regions regions = ((Pool) problem.operator()).regions();
    if (regions instanceof Fractional fractional) {
      boolean isDouble = problem.type() == DataType.FLOAT64;
      double[] samples =
          problem.has(Role.SAMPLES)
              ? given(input, arguments.get(Role.SAMPLES))
              : Fractional.samples(input, arguments.randomKey());
      return fractional.places(input, isDouble ? Precision.DOUBLE : Precision.FLOAT, samples);
    } else if (regions instanceof Sampled sampled) {
      return Places.everywhere(sampled.geometry(input, arguments.randomKey()));
    }
    return Places.everywhere(regions.geometry(input));
  }

  private static double[] given(Shape input, Tensor tensor) {
    double[] samples = tensor.toDoubles();
    for (int i = 0; i < samples.length; i++) {
      if (!Fractional.isSample(samples[i])) {
        throw Fractional.badSample(input, i, samples[i]);
      }
    }
    return samples;
  }
}
