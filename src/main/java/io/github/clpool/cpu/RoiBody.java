package io.github.clpool.cpu;

import io.github.clpool.op.Problem;
import io.github.clpool.op.Roi;
import java.util.List;

/**
 * What an operator does with one region on one plane. Thread-safe.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
interface RoiBody<A> {
  /** Makes the body of a call. */
  @FunctionalInterface
  interface Maker {
    /**
     * Makes it.
     *
     * @param problem the call
     * @param rois its regions
     * @param numbers arrays of its computing type
     */
    <A> RoiBody<A> make(Problem problem, List<Roi> rois, Numbers<A> numbers);
  }

  /** Memory of one thread between two steps of a gradient. */
  record Scratch<A>(A rows, A row) {}

  /** Makes such memory. */
  Scratch<A> scratch();

  /**
   * Computes the bins of a region.
   *
   * @param roi the region
   * @param cells the plane
   * @param bins takes the outputs
   * @param indices takes the selected cells, of operators that select
   */
  void forward(int roi, A cells, A bins, int... indices);

  /**
   * Adds a region's terms to the sums of a plane's gradient.
   *
   * @param roi the region
   * @param cells the plane, if the operator reads it again
   * @param bins the gradients of the outputs; may be changed
   * @param indices the selected cells, of operators that select
   * @param sums the sums
   * @param scratch memory of this thread
   */
  void backward(int roi, A cells, A bins, int[] indices, A sums, Scratch<A> scratch);
}
