package io.github.clpool.reference;

import io.github.clpool.op.Direction;
import io.github.clpool.op.Problem;

/**
 * What a reduction computes, plane by plane: docs/semantics.md, section 5, in the order written
 * there. It is for all types and regions, and for whoever walks the planes: the reference as simply
 * as can be, the JVM's {@code direct} in parallel. Immutable.
 */
public interface Formula {
  /**
   * The formula of a call's reduction.
   *
   * @param problem a call of a pooling
   * @return the formula
   */
  static Formula of(Problem problem) {
    return Formulas.of(problem);
  }

  /**
   * Computes the outputs of a plane.
   *
   * @param plane the plane
   */
  void forward(Plane plane);

  /**
   * Computes the gradients of a plane that its call asks for.
   *
   * @param plane the plane
   */
  void backward(Plane plane);

  /**
   * Computes what a call of the plane asks for.
   *
   * @param plane the plane
   */
  default void run(Plane plane) {
    if (plane.problem().direction() == Direction.FORWARD) {
      forward(plane);
    } else {
      backward(plane);
    }
  }
}
