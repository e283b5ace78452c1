package io.github.clpool.roi;

import io.github.clpool.backend.Arguments;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Roi;
import io.github.clpool.op.RoiOperator;
import io.github.clpool.op.Role;
import java.util.List;

/**
 * Reads the regions of interest of a call, for backends whose host finds their geometry, and to say
 * what is wrong with one. Stateless.
 */
public final class CallRois {
  private static final int CORNERS = Roi.NUMBERS - 1;

  private CallRois() {}

  /**
   * Reads and checks the regions; waits for what computes them.
   *
   * @param problem a call of a {@link RoiOperator}
   * @param arguments what the call is given
   * @return the regions, scaled to cells
   * @throws IllegalArgumentException naming the first region that is wrong, and the rule
   */
  public static List<Roi> of(Problem problem, Arguments arguments) {
    double[] rows = arguments.get(Role.ROIS).toDoubles();
    if (problem.has(Role.BATCH_INDICES)) {
      rows = joined(arguments.get(Role.BATCH_INDICES).toInts(), rows);
    }
    return ((RoiOperator) problem.operator()).rois(problem.input(), problem.type(), rows);
  }

  private static double[] joined(int[] batchIndices, double... corners) {
    double[] rows = new double[batchIndices.length * Roi.NUMBERS];
    for (int k = 0; k < batchIndices.length; k++) {
      rows[k * Roi.NUMBERS] = batchIndices[k];
      System.arraycopy(corners, k * CORNERS, rows, k * Roi.NUMBERS + 1, CORNERS);
    }
    return rows;
  }
}
