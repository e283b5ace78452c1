package io.github.clpool.cpu;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Computation;
import io.github.clpool.backend.HeapStorage;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Divisor;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import java.util.function.Function;

/**
 * Folds windows band by band.
 *
 * @param problem the problem
 * @param geometry its regions
 * @param stencils its windows
 * @param slabs how its tensors are cut
 * @param elements what is folded, for a thread of a call
 * @param fold how cells are folded
 * @param powers what of cells is folded
 * @param divisor what sums are divided by
 * @param parallel how bands are spread over threads
 */
record RowsPass<A>(
    Problem problem,
    Geometry geometry,
    Stencils stencils,
    Slabs slabs,
    Function<Arguments, Elements<A>> elements,
    Fold fold,
    Powers powers,
    Divisor divisor,
    Parallel parallel)
    implements Computation {
  boolean isForward() {
    return problem.direction() == Direction.FORWARD;
  }

  @Override
  public void run(Arguments arguments) {
    HeapStorage from = storage(arguments, isForward() ? Role.INPUT : Role.GRAD_OUTPUT);
    HeapStorage to = storage(arguments, isForward() ? Role.OUTPUT : Role.GRAD_INPUT);
    int bandsH = stencils.bandsH();
    int bands = stencils.bandsD() * bandsH;
    parallel.run(
        slabs.count() * bands,
        problem.input().elements() + problem.output().elements(),
        () -> new Band<>(this, elements.apply(arguments)),
        (band, item) -> {
          int firstD = stencils.d().first() + item % bands / bandsH * stencils.bandD();
          int firstH = stencils.h().first() + item % bandsH * stencils.bandH();
          band.run(from, to, item / bands, firstD, firstH);
        });
  }

  private static HeapStorage storage(Arguments arguments, Role role) {
    return (HeapStorage) arguments.get(role).storage();
  }
}
