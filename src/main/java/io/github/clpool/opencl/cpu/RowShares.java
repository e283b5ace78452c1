package io.github.clpool.opencl.cpu;

import io.github.clpool.op.Problem;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.KernelArgument;
import java.util.List;

/**
 * How planes and their rows are shared out to the work-items of a CPU, as {@code share_of} in
 * {@code lib/rows.clh} reads it. Immutable.
 *
 * @param planes the number of planes
 * @param planesPerItem how many planes a work-item takes
 * @param rows the number of rows of a plane
 * @param rowsPerItem how many rows of each plane it takes
 */
record RowShares(long planes, long planesPerItem, long rows, long rowsPerItem) {
  /** Enough cells that setting up the buffers does not count. */
  private static final long CELLS_PER_ITEM = 32 << 10;

  /** So many work-items per compute unit that they end at about the same time. */
  private static final int ITEMS_PER_UNIT = 8;

  /** Fewer rows are not worth a work-item. */
  private static final int LEAST_ROWS = 32;

  static RowShares of(Problem problem, int rows, DeviceProfile device) {
    long planes = problem.input().planeCount();
    long wanted = (long) ITEMS_PER_UNIT * device.computeUnits();
    long planesPerItem =
        Math.max(1, Math.min(planes / wanted, CELLS_PER_ITEM / problem.input().planeSize()));
    long groups = Math.max(1, (planes + planesPerItem - 1) / planesPerItem);
    long parts = Math.min((wanted + groups - 1) / groups, Math.max(1, rows / LEAST_ROWS));
    return new RowShares(planes, planesPerItem, rows, (rows + parts - 1) / parts);
  }

  List<KernelArgument> arguments() {
    return List.of(
        new KernelArgument.Int((int) planes),
        new KernelArgument.Int((int) planesPerItem),
        new KernelArgument.Int((int) rowsPerItem));
  }

  /** Work-items: (group of planes, group of rows). */
  List<Long> global() {
    return List.of(
        Math.max(1, (planes + planesPerItem - 1) / planesPerItem),
        (rows + rowsPerItem - 1) / rowsPerItem);
  }
}
