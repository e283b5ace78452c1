package io.github.clpool.opencl;

import io.github.clpool.op.Operator;
import io.github.clpool.op.Pool;
import java.util.List;

/** The implementations of each operator, the preferred first. Stateless. */
public final class OpenClImplementations {
  private static final List<OpenClImplementation> POOL =
      List.of(
          new ReduceImplementation(), new ChannelsLastImplementation(), new DirectImplementation());

  private OpenClImplementations() {}

  /**
   * Lists the implementations of an operator.
   *
   * @param operator the operator
   * @return those that may accept a problem of it, in the order in which they are asked
   */
  public static List<OpenClImplementation> of(Operator operator) {
    if (operator instanceof Pool) {
      return POOL;
    }
    throw new IllegalArgumentException("operator " + operator + " has no OpenCL implementation");
  }
}
