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

  /** How often kernels that gather gradients look at an output. */
  private static final int LOOKS = 4;

  private LoopBound() {}

  /** Of a work-item that makes a result or a few. */
  static double ofResult(Problem problem) {
    int passes = 1;
    if (problem.operator() instanceof Pool pool) {
      passes = ReductionHeader.of(pool, problem.type()).passes(problem.type());
      passes += problem.direction() == Direction.FORWARD ? 0 : LOOKS;
    }
    return ALWAYS + passes * steps(problem) + stepsOfParameter(problem);
  }

  /** Of one that owns rows or planes: all that there is to do, twice over. */
  static double ofOwner(Problem problem) {
    double elements = problem.arguments().values().stream().mapToDouble(Shape::elements).sum();
    return 2 * (elements + 64) * (steps(problem) + 2);
  }

  /** Loops over all that a result may be made of. */
  private static double steps(Problem problem) {
    Operator operator = problem.operator();
    if (operator instanceof Pool pool) {
      return stepsOfRegion(pool.geometry(problem.input()));
    } else if (operator instanceof RoiOperator regions) {
      return 4 * cellsOrBins(regions, problem);
    } else if (operator instanceof MaxUnpool) {
      return (double) problem.input().planeSize() + problem.output().planeSize();
    }
    return 4 * problem.arguments().values().stream().mapToDouble(Shape::elements).max().orElse(0);
  }

  /**
   * Loops over the cells of a region, or over the outputs of a cell, one inside the other: by
   * columns for sums, by rows to see cells in order. Where one begins anew, that takes steps, too.
   */
  private static double stepsOfRegion(Geometry geometry) {
    double d = most(geometry.d());
    double h = most(geometry.h());
    double w = most(geometry.w());
    return Math.max(2 + w * (3 + d * (3 + h)), 2 + d * (3 + h * (3 + w)));
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
