package io.github.clpool.opencl;

import io.github.clpool.op.Operator;
import io.github.clpool.op.Pool;
import java.util.List;

/**
 * The implementations of each operator, the preferred first. All of them run on every device; which
 * is fastest depends on its kind, so the order does. What stands behind {@code direct}, which takes
 * everything, runs only when asked for by name. Stateless.
 */
public final class OpenClImplementations {
  private static final OpenClImplementation DIRECT = new DirectImplementation();
  private static final OpenClImplementation GLOBAL = new GlobalImplementation();
  private static final OpenClImplementation REDUCE = new ReduceImplementation();
  private static final OpenClImplementation COLUMN = new ColumnImplementation();
  private static final OpenClImplementation DISJOINT = new DisjointImplementation();
  private static final OpenClImplementation CHANNELS_LAST = new ChannelsLastImplementation();
  private static final OpenClImplementation ROWS = new RowsImplementation();

  /** One work-item at a time, with vectors inside it: whole rows, planes and blocks of channels. */
  private static final List<OpenClImplementation> CPU =
      List.of(GLOBAL, CHANNELS_LAST, ROWS, DISJOINT, DIRECT, COLUMN, REDUCE);

  /** Many work-items side by side: neighbours read neighbouring cells. */
  private static final List<OpenClImplementation> GPU =
      List.of(REDUCE, COLUMN, DISJOINT, DIRECT, CHANNELS_LAST, ROWS, GLOBAL);

  private OpenClImplementations() {}

  /**
   * Lists the implementations of an operator.
   *
   * @param operator the operator
   * @param kind the kind of device
   * @return those that may accept a problem of it, in the order in which they are asked
   */
  public static List<OpenClImplementation> of(Operator operator, DeviceProfile.Kind kind) {
    if (operator instanceof Pool) {
      return kind == DeviceProfile.Kind.CPU ? CPU : GPU;
    }
    throw new IllegalArgumentException("operator " + operator + " has no OpenCL implementation");
  }
}
