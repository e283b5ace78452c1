package io.github.clpool.reference;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.HeapStorage;
import io.github.clpool.exact.Precision;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import java.util.function.IntToDoubleFunction;

/**
 * One plane of a call, as a {@link Formula} sees it: numbers are doubles by flat index, whatever
 * the type and layout. Used by one thread.
 */
public interface Plane {
  /**
   * The call.
   *
   * @return a call of a pooling
   */
  Problem problem();

  /**
   * The call's values.
   *
   * @return the arguments
   */
  Arguments arguments();

  /**
   * The position in the batch.
   *
   * @return from 0 on
   */
  int n();

  /**
   * The channel.
   *
   * @return from 0 on
   */
  int c();

  /**
   * Where the plane stands among all planes.
   *
   * @return batch by batch, channel by channel, from 0 on
   */
  default int number() {
    return n() * (int) problem().input().c() + c();
  }

  /**
   * What it is computed in.
   *
   * @return the computing type
   */
  default Precision precision() {
    return Precision.of(problem().type());
  }

  /**
   * The numbers of a plane of a tensor, read before they are asked for.
   *
   * @param role the tensor
   * @param channel the plane's channel
   * @return a number for each flat index
   */
  IntToDoubleFunction numbers(Role role, int channel);

  /**
   * The numbers of this plane of a tensor that has the input's channels.
   *
   * @param role the tensor
   * @return a number for each flat index
   */
  default IntToDoubleFunction numbers(Role role) {
    return numbers(role, c());
  }

  /**
   * A learned weight of the plane's channel.
   *
   * @param i which of them
   * @return the weight
   */
  double weight(int i);

  /**
   * The number of this plane in a tensor that has one for each.
   *
   * @param role an INT32 tensor
   * @return the number
   */
  default int ofPlane(Role role) {
    return HeapStorage.of(arguments(), role).ints()[number()];
  }

  /**
   * Stores the number of this plane, if its tensor takes part.
   *
   * @param role an INT32 tensor with one number for each plane
   * @param value the number
   */
  default void storeOfPlane(Role role, int value) {
    if (problem().has(role)) {
      HeapStorage.of(arguments(), role).ints()[number()] = value;
    }
  }

  /**
   * The number of outputs.
   *
   * @return those of one channel
   */
  int outputs();

  /** What is done with an output. */
  @FunctionalInterface
  interface OutputAction {
    /**
     * Visits an output.
     *
     * @param output its flat index
     * @param region its cells, to be used during the visit only
     */
    void visit(int output, Region region);
  }

  /**
   * Visits the outputs in flat order.
   *
   * @param action what is done with each
   */
  void forEachOutput(OutputAction action);

  /**
   * Stores results, rounded once, if their tensor takes part.
   *
   * @param role the tensor
   * @param channel the plane's channel
   * @param numbers a number for each output
   */
  void store(Role role, int channel, double... numbers);

  /** The sum of a cell's terms. */
  @FunctionalInterface
  interface CellGradient {
    /**
     * Sums.
     *
     * @param cell the cell's flat index
     * @param covers the outputs that it feeds, to be used during the call only
     * @return the sum, before +0 is added
     */
    double of(int cell, Region covers);
  }

  /**
   * Stores the complete gradients of all cells, or adds them, if their tensor takes part.
   *
   * @param role the gradient's tensor
   * @param gradient computes each
   */
  void storeGradient(Role role, CellGradient gradient);

  /** What an output gives to the gradient of a weight. */
  @FunctionalInterface
  interface OutputTerm {
    /**
     * Computes the term.
     *
     * @param output the output's flat index
     * @param region its cells, not none
     * @return the term
     */
    double of(int output, Region region);
  }

  /**
   * Sums what the outputs give to the gradient of a weight, if it is asked for; empty regions give
   * nothing.
   *
   * @param weight which of the channel's weights
   * @param term of each output
   */
  void sumWeightGradient(int weight, OutputTerm term);
}
