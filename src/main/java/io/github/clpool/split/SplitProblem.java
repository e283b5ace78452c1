package io.github.clpool.split;

import io.github.clpool.op.CrfPool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.RoiOperator;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.Shape;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Which calls can be split along the batch with the same bits, and how. Stateless. */
final class SplitProblem {
  private SplitProblem() {}

  /**
   * Whether every batch position is computed by itself. Regions of interest name their images,
   * graphs have none, and the gradient of a parameter is one sum over the batch.
   */
  static boolean isPossible(Problem problem) {
    return problem.input().hasPlanes()
        && problem.input().n() > 1
        && !(problem.operator() instanceof RoiOperator)
        && !(problem.operator() instanceof CrfPool)
        && !problem.has(Role.GRAD_WEIGHTS);
  }

  /** The call that computes a share. */
  static Problem ofShare(Problem problem, Share share) {
    Map<Role, Shape> shapes = new EnumMap<>(Role.class);
    problem
        .arguments()
        .forEach(
            (role, shape) ->
                shapes.put(role, isOfBatch(role) ? shape.withBatch(share.count()) : shape));
    return new Problem(
        problem.operator(),
        problem.direction(),
        problem.input().withBatch(share.count()),
        problem.layout(),
        problem.type(),
        shapes,
        problem.accumulate());
  }

  /** Where every tensor of a call must be, a part for each share. */
  static Map<Role, List<Part>> parts(Problem problem, List<Share> shares) {
    Map<Role, List<Part>> parts = new EnumMap<>(Role.class);
    problem
        .arguments()
        .forEach(
            (role, shape) ->
                parts.put(
                    role,
                    isOfBatch(role) ? Part.ofBatch(shape, shares) : Part.copies(shape, shares)));
    return parts;
  }

  /** Whether a tensor of a call that can be split has something for each batch position. */
  private static boolean isOfBatch(Role role) {
    return role != Role.WEIGHTS;
  }
}
