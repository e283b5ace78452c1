package io.github.clpool.opencl.plan;

import io.github.clpool.op.AxisRegions;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.MaxUnpool;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.RoiOperator;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.Shape;

/**
 * How often the loops of a work-item may go round at most, for devices that end them. It asks what
 * a result may be made of, not how it is made, and would rather say too much. Stateless.
 */
final class LoopBound {
  /** What searches take, and loops over what is never long. */
  private static final int ALWAYS = 200;

  /** Teams have no fewer work-items, if their region has as many columns. */
  private static final int TEAM = 16;

  private LoopBound() {}

  static double of(OpenClImplementation implementation, Problem problem, DeviceProfile device) {
    if (implementation.ownsRows()) { // all that there is to do, twice over
      double elements = problem.arguments().values().stream().mapToDouble(Shape::elements).sum();
      return 2 * (elements + 64) * (stepsOfResult(problem) + 2);
    }
    if (!(problem.operator() instanceof Pool pool)) {
      return ALWAYS + stepsOfResult(problem);
    }
    int passes = ReductionHeader.of(pool, problem.type()).passes(problem.type());
    long team = 1;
    if (implementation.sharesRegions() && problem.direction() == Direction.FORWARD) {
      team = Long.highestOneBit(Math.min(TEAM, device.maxWorkGroup()));
    } // but single work-items gather gradients
    return ALWAYS + passes * stepsOfRegion(problem, team) + stepsOfParameter(problem);
  }

  /** Loops over all that a result may be made of. */
  private static double stepsOfResult(Problem problem) {
    Operator operator = problem.operator();
    if (operator instanceof Pool) {
      return stepsOfRegion(problem, 1);
    } else if (operator instanceof RoiOperator regions) {
      return 4 * cellsOrBins(regions, problem);
    } else if (operator instanceof MaxUnpool) {
      return 1; // a position says which
    }
    return 4 * problem.arguments().values().stream().mapToDouble(Shape::elements).max().orElse(0);
  }

  /**
   * Loops over the cells of a region, or over the outputs of a cell, one inside the other: by
   * columns, which a team takes in turn, or else by rows. Where a loop begins anew, that takes
   * steps, too.
   */
  private static double stepsOfRegion(Problem problem, long team) {
    Geometry geometry = problem.pool().geometry(problem.input());
    double d = most(geometry.d());
    double h = most(geometry.h());
    int w = most(geometry.w());
    double columns = (w - 1) / team + 1;
    double byColumns = 2 + columns * (3 + d * (3 + h));
    double byRows = 2 + d * (3 + h * (3.0 + w));
    return Math.min(team, w) > 1 ? w + byColumns : Math.max(byColumns, byRows);
  }

  private static int most(AxisRegions axis) {
    return Math.max(Math.max(axis.maxTaps(), axis.maxCovers()), 1);
  }

  /**
   * A bin has cells, or samples with four cells each; a cell may have a gradient of every bin.
   * Where only the boxes say how many samples there are, {@code RoiGeometry} refuses those with too
   * many.
   */
  private static double cellsOrBins(RoiOperator operator, Problem problem) {
    double samples = 2.0 * operator.samplingRatio();
    double rows = Math.max(problem.input().h() + 2, samples);
    double columns = Math.max(problem.input().w() + 2, samples);
    if (problem.direction() == Direction.FORWARD) {
      return rows * columns;
    }
    double bins = (double) operator.outputHeight() * operator.outputWidth();
    return problem.output().n() * (2 * bins + 1) + samples * samples + rows + columns;
  }

  /** Sums over all outputs: those of a column, then columns and the batch, then channels. */
  private static double stepsOfParameter(Problem problem) {
    if (!problem.has(Role.GRAD_WEIGHTS)) {
      return 0;
    }
    Shape output = problem.output();
    double ofColumn = output.d() * (3 + 2.0 * output.h());
    double ofChannel = output.n() * (3 + 2.0 * output.w());
    return ofColumn + ofChannel + output.c();
  }
}
