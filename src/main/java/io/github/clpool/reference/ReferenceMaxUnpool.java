package io.github.clpool.reference;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Computation;
import io.github.clpool.exact.BadPosition;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.Shape;
import java.util.Arrays;

/** Puts values where their positions say. docs/semantics.md, section 6. */
final class ReferenceMaxUnpool implements ReferenceImplementation {
  private static final int NOBODY = -1;

  @Override
  public Computation plan(Problem problem, Void device) {
    return arguments -> {
      Cells.forEachPlane(problem.input(), (n, c) -> winners(problem, arguments, n, c)); // checks
      Cells.forEachPlane(problem.input(), (n, c) -> plane(problem, arguments, n, c));
    };
  }

  private static void plane(Problem problem, Arguments arguments, long n, long c) {
    Cells positions = Cells.plane(arguments.get(Role.POSITIONS), n, c);
    int[] winners = winners(problem, arguments, n, c);
    if (problem.direction() == Direction.FORWARD) {
      Cells x = Cells.plane(arguments.get(Role.INPUT), n, c);
      Cells y = Cells.plane(arguments.get(Role.OUTPUT), n, c);
      for (int cell = 0; cell < winners.length; cell++) {
        y.set(cell, winners[cell] == NOBODY ? 0.0 : x.get(winners[cell]));
      }
    } else {
      Cells g = Cells.plane(arguments.get(Role.GRAD_OUTPUT), n, c);
      Cells dx = Cells.plane(arguments.get(Role.GRAD_INPUT), n, c);
      for (int i = 0; i < problem.input().planeSize(); i++) {
        int cell = positions.getInt(i);
        boolean won = BadPosition.isCell(cell, winners.length) && winners[cell] == i;
        dx.setGradient(i, won ? g.get(cell) : 0.0, problem.accumulate());
      }
    }
  }

  /** For each output cell the highest flat index of the values that go there. */
  private static int[] winners(Problem problem, Arguments arguments, long n, long c) {
    Cells positions = Cells.plane(arguments.get(Role.POSITIONS), n, c);
    Shape output = problem.output();
    int[] winners = new int[output.planeSize()];
    Arrays.fill(winners, NOBODY);
    for (int i = 0; i < problem.input().planeSize(); i++) {
      int cell = positions.getInt(i);
      if (BadPosition.isBad(cell, winners.length)) {
        throw BadPosition.exception(
            arguments.get(Role.POSITIONS), output, n * problem.input().c() + c);
      } else if (BadPosition.isCell(cell, winners.length)) {
        winners[cell] = i;
      }
    }
    return winners;
  }
}
