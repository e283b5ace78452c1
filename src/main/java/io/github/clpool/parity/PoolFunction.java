package io.github.clpool.parity;

/**
 * A function of the user's own that computes what an operator should, such as a kernel of another
 * program or a method of another library. What it throws is a failure of the call.
 */
@FunctionalInterface
public interface PoolFunction {
  /**
   * Computes one call: reads the arrays that it is given and writes those of the results.
   *
   * @param call the call with its arrays
   */
  void compute(FunctionCall call);
}
