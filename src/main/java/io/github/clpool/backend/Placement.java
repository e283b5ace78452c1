package io.github.clpool.backend;

import io.github.clpool.op.Places;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;

/** Lays the regions of a call over its planes, for backends on Java arrays. Stateless. */
public final class Placement {
  private Placement() {}

  /**
   * Finds where the regions of a call lie.
   *
   * @param problem a call of a {@link Pool}
   * @param arguments what the call is given
   * @return the places
   */
  public static Places of(Problem problem, Arguments arguments) {
    return Places.everywhere(((Pool) problem.operator()).geometry(problem.input()));
  }
}
