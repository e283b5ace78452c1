package io.github.clpool.cpu;

import io.github.clpool.exact.Precision;
import io.github.clpool.op.Reduction;
import java.util.function.IntToDoubleFunction;

/**
 * A reduction that selects no cell, in the parts that {@link DirectSmooth} puts together.
 * Stateless.
 */
interface Smooth {
  static Smooth of(Reduction reduction, Precision precision) {
    if (reduction instanceof Reduction.Lp lp) {
      return new SmoothLp(lp, precision);
    } else if (reduction instanceof Reduction.Gem gem) {
      return new SmoothGem(precision.round(gem.eps()), precision);
    } else if (reduction instanceof Reduction.Soft soft) {
      return new SmoothSoft(soft.exact(), precision);
    } else if (reduction instanceof Reduction.Stochastic) {
      return new SmoothExpected(precision);
    }
    throw new IllegalArgumentException("reduction " + reduction + " is unknown");
  }

  /** How many numbers of an output the terms of its cells need. */
  int statistics();

  /**
   * Reduces a region that is not empty.
   *
   * @param region the region
   * @param x its cells by flat index
   * @param parameter the channel's parameter, if the reduction has any
   * @param statistics takes what terms need
   * @return the output
   */
  double reduce(Gather region, IntToDoubleFunction x, double parameter, double[] statistics);

  /**
   * What an output gives to the gradient of a cell.
   *
   * @param cell the cell's flat index
   * @param x its value
   * @param g the output's gradient
   * @param parameter the channel's parameter
   * @param statistics of the output
   */
  double term(int cell, double x, double g, double parameter, double[] statistics);

  /**
   * What an output gives to the gradient of the parameter.
   *
   * @param region its region
   * @param x its cells by flat index
   * @param g the output's gradient
   * @param parameter the channel's parameter
   * @param statistics of the output
   */
  default double parameterTerm(
      Gather region, IntToDoubleFunction x, double g, double parameter, double[] statistics) {
    throw new UnsupportedOperationException("the reduction has no parameter");
  }
}
