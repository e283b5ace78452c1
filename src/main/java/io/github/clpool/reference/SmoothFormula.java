package io.github.clpool.reference;

import io.github.clpool.op.Role;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;

/** A reduction that selects no cell: every cell gets a term from every output that it feeds. */
interface SmoothFormula extends Formula {
  /** One output, with what the terms of its cells need. */
  interface Output {
    /** The output itself. */
    double y();

    /** What the output, whose gradient is g, gives to the gradient of a cell. */
    double term(int cell, double g);

    /** What it gives to the gradient of a cell's logit. */
    default double logitTerm(int cell, double g) {
      throw new UnsupportedOperationException("the reduction has no logits");
    }

    /** What it gives to the gradient of the reduction's parameter. */
    default double parameterTerm(Region region, double g) {
      throw new UnsupportedOperationException("the reduction has no parameter");
    }
  }

  /** How the outputs of a plane come from their regions, which are not empty. */
  Function<Region, Output> outputs(Plane plane);

  @Override
  default void forward(Plane plane) {
    Function<Region, Output> outputs = outputs(plane);
    double[] y = new double[plane.outputs()];
    plane.forEachOutput(
        (output, region) -> y[output] = region.isEmpty() ? 0 : outputs.apply(region).y());
    plane.store(Role.OUTPUT, plane.c(), y);
  }

  @Override
  default void backward(Plane plane) {
    Function<Region, Output> outputs = outputs(plane);
    Output[] of = new Output[plane.outputs()];
    plane.forEachOutput(
        (output, region) -> of[output] = region.isEmpty() ? null : outputs.apply(region));
    IntToDoubleFunction g = plane.numbers(Role.GRAD_OUTPUT);
    plane.storeGradient(
        Role.GRAD_INPUT,
        (cell, covers) -> covers.sum(output -> of[output].term(cell, g.applyAsDouble(output))));
    plane.storeGradient(
        Role.GRAD_LOGITS,
        (cell, covers) ->
            covers.sum(output -> of[output].logitTerm(cell, g.applyAsDouble(output))));
    plane.sumWeightGradient(
        0, (output, region) -> of[output].parameterTerm(region, g.applyAsDouble(output)));
  }
}
